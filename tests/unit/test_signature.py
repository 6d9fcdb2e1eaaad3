from __future__ import annotations

import pytest
from discord_interactions import verify_key
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from etstats.errors import BadSignature
from etstats.interactions import signature
from tests.builders import KEY, PUBLIC_KEY

BODY = b'{"type": 1}'
AT = "1760000000"
NOW = 1_760_000_000.0


def _signature(body: bytes = BODY, timestamp: str = AT, key: SigningKey = KEY) -> str:
    return key.sign(timestamp.encode() + body).signature.hex()


def _refused(**changes: object) -> str:
    told = {"body": BODY, "timestamp": AT, "signature": _signature(), "now": NOW} | changes
    with pytest.raises(BadSignature) as caught:
        signature.check(PUBLIC_KEY, **told)  # type: ignore[arg-type]
    return str(caught.value)


def test_what_discord_signed_just_now_is_accepted() -> None:
    signature.check(PUBLIC_KEY, body=BODY, timestamp=AT, signature=_signature(), now=NOW)


@pytest.mark.parametrize("apart_s", [-300, 300])
def test_five_minutes_either_way_are_accepted(apart_s: int) -> None:
    signature.check(PUBLIC_KEY, body=BODY, timestamp=AT, signature=_signature(), now=NOW + apart_s)


@pytest.mark.parametrize("apart_s", [-301, 301])
def test_a_timestamp_further_off_is_refused_however_well_signed(apart_s: int) -> None:
    _refused(now=NOW + apart_s)


def test_every_refusal_says_the_same() -> None:
    stamps = ["", "-1", "1e9", "1760000000 ", "١٧٦٠٠٠٠٠٠٠", "9" * 13, "9" * 10_000]
    faults = [_refused(timestamp=stamp, signature=_signature(timestamp=stamp)) for stamp in stamps]
    faults += [_refused(signature=text) for text in ["", "zz", "00" * 63, "00" * 64, "é", _signature().upper()[:-2]]]
    faults += [_refused(signature=" ".join([_signature()[:64], _signature()[64:]])), _refused(body=BODY + b" ")]
    faults += [_refused(signature=_signature(key=SigningKey.generate())), _refused(now=NOW + 1000)]
    assert set(faults) == {"The request is not signed by Discord."}


@given(body=st.binary(max_size=200), flip=st.none() | st.integers(0, 511))
def test_we_agree_with_discords_own_library(body: bytes, flip: int | None) -> None:
    signed = bytearray.fromhex(_signature(body))
    if flip is not None:
        signed[flip // 8] ^= 1 << flip % 8
    assert verify_key(body, bytes(signed).hex(), AT, PUBLIC_KEY.hex()) is (flip is None)
    if flip is None:
        signature.check(PUBLIC_KEY, body=body, timestamp=AT, signature=signed.hex(), now=NOW)
    else:
        _refused(body=body, signature=signed.hex())
