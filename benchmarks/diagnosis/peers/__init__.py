"""Other tools that read logs of trainings, asked about the same trainings as advisor.

``mapping`` says what each tool's findings mean in terms of our faults, ``ask`` asks the tools in
an environment of their own, ``compare`` counts who was right, and ``section`` writes it down.
"""
