"""`fuzz_demo` guided by coverage: `python -m scripts.fuzz_demo_guided SECONDS`, in an environment that has Atheris."""

from __future__ import annotations

import sys

import atheris

from scripts.plain import ignore_compiled

ignore_compiled()
with atheris.instrument_imports(include=["etstats.demo"]):
    from scripts import fuzz_demo


def _use(content: bytes) -> None:
    fuzz_demo.within_bounds(fuzz_demo.wrapped(content))


def main() -> None:
    """Ends the process at the first finding."""
    inputs = fuzz_demo.FINDINGS / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(fuzz_demo.seeds()):
        (inputs / f"seed-{number}").write_bytes(b"\0" + seed[: fuzz_demo.MOST_BYTES - 1])
    options = [
        sys.argv[0], str(inputs), f"-max_total_time={sys.argv[1]}", f"-max_len={fuzz_demo.MOST_BYTES}",
        f"-timeout={int(3 * fuzz_demo.MOST_S)}", f"-rss_limit_mb={fuzz_demo.MOST_MIB}",
        f"-artifact_prefix={fuzz_demo.FINDINGS}/", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup(options, _use)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
