"""What `cython` means to the inner loops where Cython is not installed: nothing. They run as they stand.

Only what `decode` and `encode` use is here; installing a compiler to read a demo slowly would be a poor trade.
"""

from __future__ import annotations

import builtins
from array import array
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

_T = TypeVar("_T")

compiled = False
"""Whether this is machine code."""

bint: TypeAlias = builtins.bool
int: TypeAlias = builtins.int
uint: TypeAlias = builtins.int
longlong: TypeAlias = builtins.int
ulonglong: TypeAlias = builtins.int
void: TypeAlias = None
# a pointer is the array it points into
p_int: TypeAlias = "array[builtins.int]"
p_uint: TypeAlias = "array[builtins.int]"
p_uchar: TypeAlias = "array[builtins.int]"
p_ushort: TypeAlias = "array[builtins.int]"


def _unchanged(thing: _T) -> _T:
    return thing


cclass = cfunc = ccall = inline = final = _unchanged


def exceptval(*_: Any, **__: Any) -> Callable[[_T], _T]:
    return _unchanged


def declare(_kind: type[_T], value: Any = None, **_: Any) -> _T:
    typed: _T = value
    return typed
