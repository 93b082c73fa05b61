"""Names that are also everyday words, and the titles of politeness that make names of them."""

from __future__ import annotations

_HONORIFICS_WORDS = """
mr mrs ms miss mx dr prof sir madam herr frau hr fr mme mlle mm monsieur madame sr sra
srta senor senora don dona
"""
HONORIFICS = frozenset(_HONORIFICS_WORDS.split())

_ORDINARY_WORDS = """
lead handler grant hart sand law bell best black brown green white gray grey blue bond
bush carpenter case cash chance chase church cook day dean drew english faith field ford
fox frank french frost gold good grace green hall hand head heart hill holiday home hope
house hunter joy judge june april may august july king knight lake lamb lane law little
long love major mark marsh mason mercy miles mill miller moon moss noble page park parks
pat penny pepper piper pope porter power price pride prior rain rainey read reader rice
rich ring rivers rob rock rose rowe sage sharp short silver small smart smith snow spring
stone storm strange street strong sue summer summers sun swift taylor temple town turner
wall ward way weaver wells west will winter wise wolf wood woods work young klein gross
lang kurz koch sommer berg stein wolf vogel fuchs jung schwarz weiss roth braun stark
keller ernst brandt unger zimmer cruz rey leon flores blanco moreno leal
"""
ORDINARY = frozenset(_ORDINARY_WORDS.split())
"""Counted as a name only where it stands as one: capitalised within a sentence, or after a title
of politeness.
"""

_BEFORE_A_JOB_WORDS = """
team site tech technical project shift area line group department the a an my our your his
her their this that in take taking took to case
"""
BEFORE_A_JOB = frozenset(_BEFORE_A_JOB_WORDS.split())
"""After these an everyday word is what it usually is."""
