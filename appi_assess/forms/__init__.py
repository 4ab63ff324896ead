"""
The forms in the notebooks: what a person sees and does there, and how each change reaches the disk.

``live`` chooses them, ``form`` talks to the browser (``form.js``), ``content`` says what is shown, ``desk``
holds the engagement and writes it, ``journal`` remembers every change.
"""
