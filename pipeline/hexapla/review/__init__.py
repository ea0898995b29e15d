"""Corrections from reviewed workbooks, and import of files into a memory."""
