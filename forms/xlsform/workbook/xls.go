package workbook

// readXLS refuses a workbook of Excel 97 to 2003.
func readXLS([]byte, *budget) (*Workbook, error) {
	return nil, notAForm("a workbook of Excel 97 to 2003 (.xls) or another old Office file", saveXLSX)
}
