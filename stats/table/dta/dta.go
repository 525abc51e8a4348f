// Package dta reads and writes Stata's .dta files: formats 113 to 115 (Stata 8
// to 12, read only), 117 (Stata 13, read only), 118 and 119 (Stata 14 and
// later), of either byte order.
//
// It is a codec: it gives the dictionary as the file has it and the rows in
// blocks of typed values, and knows nothing of tables, surveys or what a value
// means. It was written from Stata's own descriptions of the formats
// (help dta, dta_117, dta_115, dta_114, dta_113). Every error that a file can
// cause is a *fault.Fault without the file's name, which the caller knows.
package dta

import (
	"fmt"
	"io"

	"waymark/internal/fault"
)

// Type is how a variable is stored.
type Type uint8

// The storage types.
const (
	Byte   Type = iota + 1 // int8
	Int                    // int16
	Long                   // int32
	Float                  // float32
	Double                 // float64
	Str                    // bytes of a fixed width
	StrL                   // bytes of any length, kept apart from the rows
)

var typeNames = [...]string{"", "byte", "int", "long", "float", "double", "str", "strL"}

// String is Stata's name of the type.
func (t Type) String() string { return typeNames[t] }

// Numeric says whether values are numbers.
func (t Type) Numeric() bool { return t <= Double }

// Variable is one column.
type Variable struct {
	Name     string
	Label    string
	Format   string // such as %9.0g or %td
	LabelSet string // name of its value labels, or ""
	Type     Type
	Width    int // bytes in a row
	// Characteristics are the variable's notes and the like, by name.
	Characteristics map[string]string

	offset int
}

// Label is one entry of a set of value labels. Mark is 0 for a number, 1 for
// the missing value ".", 2 to 27 for ".a" to ".z".
type Label struct {
	Value int32
	Mark  uint8
	Text  string
}

// Limits bound what a file may be. All are required.
type Limits struct {
	Columns   int   // variables
	Rows      int64 // observations
	CellBytes int   // bytes of one strL
	RowBytes  int64 // bytes of one observation
}

// File is an open file: its dictionary, read whole.
type File struct {
	Version   int
	BigEndian bool
	Label     string // of the data set
	Stamp     string // when it was written, as the file says
	Rows      int64
	Variables []Variable
	Labels    map[string][]Label
	// Foreign counts the texts seen so far that were not UTF-8 and were read as
	// Windows-1252.
	Foreign int

	r      io.ReaderAt
	size   int64
	limits Limits
	layout layout
	data   int64 // offset of the first row
	width  int   // bytes of a row
	long   map[reference]span
}

// DataOffset is where the first row begins, for Scan.
func (f *File) DataOffset() int64 { return f.data }

// MarkName writes a missing value as Stata does: ".", ".a" to ".z".
func MarkName(mark uint8) string {
	if mark <= 1 {
		return "."
	}
	return "." + string(rune('a'+mark-2))
}

func damaged(format string, args ...any) *fault.Fault {
	return fault.New(fault.Invalid, fault.Place{}, "the Stata file is damaged: "+fmt.Sprintf(format, args...), "copy it again, or save it again in Stata")
}

func beyond(format string, args ...any) *fault.Fault {
	return fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf(format, args...), "split the file, or leave out what is not needed")
}
