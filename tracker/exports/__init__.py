"""Files of the views: made while the browser waits, or, when they are long, by a process beside.

`making` turns an address into a file, `jobs` runs those that wait (`manage.py run_exports`), and
`files` keeps what they made until it expires.
"""
