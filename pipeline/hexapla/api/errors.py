"""One root of errors: what documents and encoders raise becomes a HexaplaError with the same message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FunctionType
from typing import Any, TypeVar

import hexapla_corpora.errors
import hexapla_models.errors
from hexapla.errors import DocumentError, EncoderError

_Class = TypeVar("_Class", bound=type)


@contextmanager
def hexapla_errors() -> Iterator[None]:
    """Turn the errors of documents and encoders into errors of this package.

    Yields:
        None: while the work is done.

    Raises:
        DocumentError: a document cannot be used.
        EncoderError: an encoder cannot be loaded or used.
    """
    try:
        yield
    except hexapla_corpora.errors.DocumentError as error:
        raise DocumentError(str(error)) from error
    except hexapla_models.errors.EncoderError as error:
        raise EncoderError(str(error)) from error


def raises_hexapla_errors(cls: _Class) -> _Class:
    """Turn the errors of all public methods of a class, inherited ones included; see `hexapla_errors`."""
    for name in dir(cls):
        public = not name.startswith("_") or name in ("__init__", "__len__")
        if public and (wrapped := _wrapped(_attribute(cls, name))) is not None:
            setattr(cls, name, wrapped)
    return cls


def _attribute(cls: type, name: str) -> object:
    return next(vars(each)[name] for each in cls.__mro__ if name in vars(each))


def _wrapped(attribute: object) -> object | None:
    if isinstance(attribute, FunctionType):
        return _converting(attribute)
    if isinstance(attribute, classmethod):
        return classmethod(_converting(attribute.__func__))
    if isinstance(attribute, property) and attribute.fget is not None:
        return property(_converting(attribute.fget), doc=attribute.__doc__)
    return None


def _converting(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def converting(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the function takes and gives
        with hexapla_errors():
            return function(*arguments, **options)

    return converting
