"""XLIFF 1.2 and 2.x: documents as files to be translated in a CAT tool, with a memory's matches for each segment.

Standards: XLIFF 1.2 (OASIS, 2008-02-01); XLIFF 2.1 (OASIS, 2018-02-13) with its Translation Candidates module.
"""
