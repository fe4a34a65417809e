"""Recognition: plain words to items of the check lists in use. It proposes; a person decides.

A proposal is always a published item; no text from here becomes a legal basis or a state.
"""
