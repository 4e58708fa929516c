"""What leaves the screen: the ledger and its sheets as workbook, document and print.

`grid` lays out what a page shows as cells that span rows; the writers (`workbook`, `document`,
`pages`) take it as it is, so that none of them can show other rows, columns or figures.
"""
