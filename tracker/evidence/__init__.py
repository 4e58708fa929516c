"""佐证材料 as files: what may come in, where it lies, and how it is proved unchanged.

`inspecting` looks at bytes, `storing` keeps them below the media folder, `receiving` does both for
an upload. The row of a file is written by `Ticket.attach`.
"""
