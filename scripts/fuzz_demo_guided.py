"""`fuzz_demo` guided by coverage: `python -m scripts.fuzz_demo_guided SECONDS`, in an environment that has Atheris."""

from __future__ import annotations

import sys

import atheris

from scripts.plain import ignore_compiled

ignore_compiled()
with atheris.instrument_imports(include=["etstats.demo"]):
    from scripts import fuzz_demo


_MOST_BYTES = 4096
"""Sources that count their steps are slow; long demos are for `mutate`."""


def _use(content: bytes) -> None:
    """Half of the first byte says what is done, the other what the rest is."""
    chosen = (content[0] >> 4) % len(fuzz_demo.USES) if content else 0
    fuzz_demo.within_bounds(fuzz_demo.wrapped(content), fuzz_demo.USES[chosen : chosen + 1])


def main() -> None:
    """Ends the process at the first finding."""
    inputs = fuzz_demo.FINDINGS / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(fuzz_demo.seeds(real=False)):
        for use in range(len(fuzz_demo.USES)):
            (inputs / f"seed-{number}-{use}").write_bytes(bytes([use << 4]) + seed)
    options = [
        sys.argv[0], str(inputs), f"-max_total_time={sys.argv[1]}", f"-max_len={_MOST_BYTES}",
        f"-timeout={int(12 * fuzz_demo.MOST_S)}", f"-rss_limit_mb={fuzz_demo.MOST_MIB}",
        f"-artifact_prefix={fuzz_demo.FINDINGS}/", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup(options, _use)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
