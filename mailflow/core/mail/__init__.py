"""Mail as text: reading it, telling its kind, cutting quotations, threading, composing."""
