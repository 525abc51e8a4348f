package workbook

// The limits of what is read. A file beyond one is refused with its place.
const (
	// MaxFileBytes is the largest file, inclusive: 64 MiB. The largest XLSForms
	// in use, with 100,000 choices, have about 3 MiB.
	MaxFileBytes = 64 << 20
	// MaxPartBytes is the most that one part of an XLSX file may unpack to.
	MaxPartBytes = 512 << 20
	// MaxTotalBytes is the most that all parts together may unpack to. A part
	// is unpacked only as far as it is read.
	MaxTotalBytes = 1 << 30
	// MaxRatio is the most that a part may grow when unpacked, once it is over
	// 16 MiB. Sheets of styled empty cells grow by 10 to 40 times; a zip bomb by
	// 1,000.
	MaxRatio = 250
	// MaxParts is the most entries that an XLSX file may have.
	MaxParts = 4096
	// MaxColumns and MaxRows are a sheet's size in Excel's own specification.
	MaxColumns = 16_384
	MaxRows    = 1_048_576
	// MaxTextChars is the longest text of a cell, in characters: Excel's own
	// limit, kept for every format.
	MaxTextChars = 32_767
	// MaxCells is the most non-empty cells under headers, of all sheets.
	MaxCells = 4 << 20
	// MaxTextBytes is the most text in cells, of all sheets, where a text that
	// is stored once and used a thousand times counts a thousand times.
	MaxTextBytes = 256 << 20
	// MaxStrings is the most entries in an XLSX file's table of texts.
	MaxStrings = 4 << 20
	// MaxDepth is the deepest nesting of XML elements.
	MaxDepth = 256
	// MaxSheets is the most sheets of a file.
	MaxSheets = 1024
	// MaxFaults is the most faults that are reported; the others are counted.
	MaxFaults = 100

	// emptyColumns and emptyRows are the runs after which a sheet is taken to
	// have ended, as pyxform has it: what lies behind more than so many empty
	// ones is not read.
	emptyColumns = 20
	emptyRows    = 60
	// lookedRows is how many empty rows are looked through for text that is not
	// read, so that it can be told of.
	lookedRows = 20_000

	// maxName is the longest name of a sheet or part, in bytes. Excel's own limit
	// for sheets is 31 characters.
	maxName = 4096

	// ratioFrom is the unpacked size from which MaxRatio counts.
	ratioFrom = 16 << 20
	// maxToken is the longest tag or text of an XML part: a full cell of
	// characters that are all written as entities.
	maxToken = 1 << 20
)
