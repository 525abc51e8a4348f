package table

import "waymark/internal/fault"

// Field says how one column of the result is read.
type Field struct {
	Name string // Required
	Kind Kind   // Required
	// Levels is the dictionary of a Category or Set. Required for those,
	// unless Open.
	Levels []Level
	// Aliases maps what a file may hold (labels in any language, other
	// spellings) to a level's code. Codes themselves always match. Matching
	// ignores case and surrounding space.
	Aliases map[string]string
	// MissingCodes maps what a file may hold to the reason it stands for, such
	// as "refused" to Refused. Empty cells are Blank.
	MissingCodes map[string]Missing
	// Ordered says that the levels have an order of their own.
	Ordered bool
	// Open lets a Category or Set grow levels that the file brings. A closed
	// one turns unknown values into Unreadable and reports each distinct value
	// with its count and first rows.
	Open bool
	// Min and Max, if set, bound a Number, inclusive; a value outside is kept
	// and reported.
	Min, Max *float64

	words *vocabulary // made once by a Typist; nil elsewhere
}

// Target says where one column of the file goes.
type Target struct {
	Field int // index in Schema.Fields, or -1 to skip the column
	// Option is the level's index that a split select-multiple column (0/1,
	// true/false) stands for, or -1 if the column holds the whole answer.
	Option int
	// Missing is the reason that such a column stands for, where the option is
	// "refused" or the like: a row with it and no other option has no answer.
	// Option is then -1.
	Missing Missing
}

// Schema says how to read a file: its fields, and where each of the file's
// columns goes (len(Targets) equals the number of the file's columns). A field
// that no column feeds is not made.
type Schema struct {
	Fields  []Field
	Targets []Target
	// Notes are warnings about the header found while matching.
	Notes []*fault.Fault
}

// Header is what a file says of its columns before its rows.
type Header struct {
	Names []string // as in the file, without BOM, trimmed
	// HXL is the hashtag row under the header, or nil.
	HXL []string
}

// Options says how to read a file.
type Options struct {
	// Match makes the schema from the header. Default: infer types.
	Match func(Header) (*Schema, error)
	// Sheet of a workbook. Default: the first with a header.
	Sheet string
	// Limits. Default: DefaultLimits.
	Limits Limits
	// Progress, if set, is called now and then with bytes done and in all. A
	// reading that infers types goes over the file twice and counts both.
	Progress func(done, total int64)
	// MaxFaults bounds the reported faults. Default 100.
	MaxFaults int
}

// Limits bound what a file may be.
type Limits struct {
	Columns   int   // number of columns. Default 16,384
	Rows      int   // number of rows. Default 100,000,000
	CellBytes int   // bytes in one cell. Default 1 MiB
	FileBytes int64 // bytes of the file. Default 64 GiB
	// UnpackedBytes bounds what a workbook may unpack to. Default 2 GiB.
	UnpackedBytes int64
	// UnpackRatio bounds unpacked over packed bytes of a workbook's part.
	// Default 200.
	UnpackRatio int64
}

// Result is a table that was read, with what is to be said about the reading.
type Result struct {
	Table *Table
	// Warnings are faults that did not stop the reading, bounded and counted:
	// unknown codes, ragged rows, a guessed encoding or delimiter.
	Warnings *fault.List
	// Labels are what the file says that its columns mean, by their names in
	// Source.Columns: the variable labels of Stata and SPSS. Nil elsewhere.
	Labels map[string]string
	// Inferred explains each type that no schema gave, in column order.
	Inferred []Inference
	Source   Source
}

// Inference explains the type chosen for a column.
type Inference struct {
	Column string
	Kind   Kind
	Why    string // "all 200 values are whole numbers with 3 distinct values"
}

// Source identifies the file that was read.
type Source struct {
	Name   string // base name
	Format string // "csv", "xlsx", "parquet", "dta", "sav", "zsav"
	SHA256 string // lower-case hex of the file's bytes
	Bytes  int64
	Rows   int
	// FirstRow is the file's row number (from 1) of table row 0: 2 after a
	// header, 3 where a row of HXL tags follows it, 1 where there is no header
	// (Stata, SPSS). 0 where rows have no numbers (Parquet).
	FirstRow int
	// Gaps are rows of the file without any value, which the table leaves
	// out; FileRow takes them into account.
	Gaps []Gap
	// Sheet of a workbook that was read, else "".
	Sheet string
	// Columns are the header names as the file has them.
	Columns []string
}
