// Package sav reads and writes the system files of SPSS: .sav, plain or
// compressed by bytes, and .zsav, compressed by zlib; of either byte order and
// any encoding that the file names.
//
// It is a codec: it gives the dictionary as the file has it and the cases in
// blocks, and knows nothing of tables, surveys or what a value means. It was
// written from the description in PSPP's manual for developers, "System File
// Format". Every error that a file can cause is a *fault.Fault without the
// file's name, which the caller knows.
package sav

import (
	"bytes"
	"fmt"
	"io"

	"golang.org/x/text/encoding"

	"waymark/internal/fault"
)

// Format is how a value is shown: a type of the list below, a width and decimals.
type Format struct {
	Type, Width, Decimals uint8
}

// The types of format that say more than how wide a number is.
const (
	FormatA        = 1
	FormatF        = 5
	FormatDate     = 20
	FormatTime     = 21
	FormatDateTime = 22
	FormatADate    = 23
	FormatJDate    = 24
	FormatDTime    = 25
	FormatMOYR     = 28
	FormatQYR      = 29
	FormatWKYR     = 30
	FormatEDate    = 38
	FormatSDate    = 39
	FormatMTime    = 40
	FormatYMDHMS   = 41
)

var formatNames = [...]string{1: "A", "AHEX", "COMMA", "DOLLAR", "F", "IB", "PIBHEX", "P", "PIB", "PK", "RB", "RBHEX", 15: "Z", "N", "E",
	20: "DATE", "TIME", "DATETIME", "ADATE", "JDATE", "DTIME", "WKDAY", "MONTH", "MOYR", "QYR", "WKYR", "PCT", "DOT", "CCA", "CCB", "CCC", "CCD", "CCE", "EDATE", "SDATE", "MTIME", "YMDHMS"}

// String is the format as SPSS writes it, such as F8.2.
func (f Format) String() string {
	name := "?"
	if int(f.Type) < len(formatNames) && formatNames[f.Type] != "" {
		name = formatNames[f.Type]
	}
	if f.Decimals > 0 {
		return fmt.Sprintf("%s%d.%d", name, f.Width, f.Decimals)
	}
	return fmt.Sprintf("%s%d", name, f.Width)
}

// Variable is one column.
type Variable struct {
	Name     string
	Label    string
	Width    int // of a string, in bytes; 0 for a number
	Format   Format
	Measure  int // 0 not known, 1 nominal, 2 ordinal, 3 scale
	Labels   []Label
	Missing  Missing
	Measured bool // Measure is in the file
	// Attributes are custom attributes, by name.
	Attributes map[string][]string

	short  string // as the file's other records name it
	parts  []part
	hidden bool // part of another variable
}

// Label is one value label: of a number, or of a text for strings.
type Label struct {
	Number float64
	Value  string
	Text   string
}

// Missing is which values stand for none.
type Missing struct {
	Numbers  []float64
	Texts    []string
	Range    bool
	Low, Top float64 // of the range, inclusive
}

// Any says whether some value stands for none.
func (m *Missing) Any() bool { return len(m.Numbers) > 0 || len(m.Texts) > 0 || m.Range }

// Has says whether a number stands for none.
func (m *Missing) Has(x float64) bool {
	for _, v := range m.Numbers {
		if v == x {
			return true
		}
	}
	return m.Range && x >= m.Low && x <= m.Top
}

// part is a piece of a case that a variable's value lies in.
type part struct {
	at, width int
}

// Set is a multiple response set.
type Set struct {
	Name      string
	Label     string
	Variables []string
}

// Limits bound what a file may be. All are required.
type Limits struct {
	Columns   int   // variables
	Rows      int64 // cases
	CaseBytes int64 // bytes of one case
	Unpacked  int64 // bytes that one compressed block may unpack to
	Ratio     int64 // unpacked over packed bytes
}

// File is an open file: its dictionary, read whole.
type File struct {
	Product   string // the program that wrote it
	Label     string
	Created   string
	Encoding  string // as the file names it, or what was taken
	BigEndian bool
	Rows      int64 // cases, or -1 if the file does not say
	Weight    string
	Variables []Variable
	Sets      []Set
	Documents int // lines of documents
	// Foreign counts the texts seen so far that were not of the encoding.
	Foreign int

	r           io.ReaderAt
	size        int64
	limits      Limits
	compression int
	bias        float64
	missing     float64 // the system-missing value
	data        int64
	slots       int // 8-byte units of a case
	charset     encoding.Encoding
	decoder     *encoding.Decoder
	blocks      []zblock
}

// DataOffset is where the cases begin, for Scan.
func (f *File) DataOffset() int64 { return f.data }

// Packing is how the cases are stored: "", "compressed" or "zlib".
func (f *File) Packing() string { return [...]string{"", "compressed", "zlib"}[f.compression] }

// Sniff says whether a file's first bytes are those of a system file.
func Sniff(head []byte) bool {
	return bytes.HasPrefix(head, []byte("$FL2")) || bytes.HasPrefix(head, []byte("$FL3"))
}

func damaged(format string, args ...any) *fault.Fault {
	return fault.New(fault.Invalid, fault.Place{}, "the SPSS file is damaged: "+fmt.Sprintf(format, args...), "copy it again, or save it again in SPSS")
}

func beyond(format string, args ...any) *fault.Fault {
	return fault.New(fault.Unavailable, fault.Place{}, fmt.Sprintf(format, args...), "split the file, or leave out what is not needed")
}
