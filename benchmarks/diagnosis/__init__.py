"""How often advisor's advice is right, measured on small trainings with and without faults.

``plan`` says what is trained, ``training`` trains it, ``logs`` writes it as loggers do,
``judge`` asks advisor, ``truth`` says what was really the matter, ``score`` compares the two
and ``page`` writes the result down. Nothing before ``judge`` imports anything of advisor.
"""
