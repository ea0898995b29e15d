"""Hexapla turns the language versions of a document into a translation memory."""

__version__ = "0.1.0"
