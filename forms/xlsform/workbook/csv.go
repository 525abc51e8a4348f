package workbook

import (
	"strings"

	"waymark/internal/fault"
)

// readCSV reads XLSForm's layout of CSV, which has all sheets in one file. The
// first column names a sheet, and is empty in the rows of that sheet:
//
//	survey
//	,type,name,label
//	,text,place,Where
//
// Lines end with LF, CR LF or CR. A quoted field may hold commas, line ends and
// quotes written twice.
func readCSV(doc string, shared *budget) (*Workbook, error) {
	b := &textBook{shared: shared, line: 1}
	r := csvScanner{doc: doc}
	for first := true; r.more() && !b.hopeless(); first = false {
		b.line = r.line + 1
		fields, err := r.record()
		if err != nil {
			return nil, err
		}
		if first {
			if err := flatCSV(fields); err != nil {
				return nil, err
			}
		}
		if name := clean(fields[0]); name != "" {
			b.begin(name)
		}
		b.add(fields[1:])
	}
	if shared.faults.Len() == 0 && !b.tables() {
		return nil, notAForm("text without tables", "send the form as .xlsx, .xls, .csv or markdown tables")
	}
	return b.workbook()
}

// flatCSV refuses the table of one sheet, which does not say which sheet it is,
// and text that is no CSV, by the first record.
func flatCSV(fields []string) error {
	if len(fields) == 1 {
		head := strings.TrimSpace(fields[0])
		for _, separator := range []string{";", "\t"} {
			name, _, parted := strings.Cut(head, separator)
			if name = strings.ToLower(strings.Trim(name, ` "`)); !parted || !Supported(name) && name != "type" && name != "list_name" {
				continue
			}
			return fault.New(fault.Invalid, fault.Place{Row: 1}, "the columns of the CSV are not parted by commas", "save it with a comma as the separator, or as .xlsx")
		}
		return nil
	}
	if first := strings.ToLower(strings.TrimSpace(fields[0])); !Supported(first) {
		for _, f := range fields {
			switch strings.ToLower(strings.TrimSpace(f)) {
			case "type", "list_name", "list name", "form_id", "form_title":
				if first != "" {
					return fault.New(fault.Invalid, fault.Place{Row: 1}, "the CSV begins with a header; a form in CSV has its sheets' names in the first column",
						"put an empty column first, and survey into it above the header; or save the form as .xlsx")
				}
			}
		}
	}
	return nil
}

// csvScanner cuts CSV into records.
type csvScanner struct {
	doc    string
	at     int
	line   int // line ends passed
	fields []string
}

func (r *csvScanner) more() bool { return r.at < len(r.doc) }

// record returns the fields of the next record, which hold until the next call.
// There is at least one.
func (r *csvScanner) record() ([]string, error) {
	r.fields = r.fields[:0]
	for {
		field, err := r.field()
		if err != nil {
			return nil, err
		}
		r.fields = append(r.fields, field)
		if len(r.fields) > MaxColumns+1 {
			return nil, tooWide(r.line + 1)
		}
		if r.at >= len(r.doc) {
			return r.fields, nil
		}
		end := r.doc[r.at]
		r.at++
		if end == ',' {
			if r.at == len(r.doc) {
				return append(r.fields, ""), nil
			}
			continue
		}
		if end == '\r' && r.at < len(r.doc) && r.doc[r.at] == '\n' {
			r.at++
		}
		r.line++
		return r.fields, nil
	}
}

// field returns the next field and stops at the comma or line end behind it.
// Text behind a closing quote belongs to the field, as in Python's csv.
func (r *csvScanner) field() (string, error) {
	if r.at >= len(r.doc) || r.doc[r.at] != '"' {
		return r.bare(), nil
	}
	opened := r.line + 1
	var whole string
	var joined strings.Builder // the parts between quotes written twice
	for parts := 0; ; parts++ {
		r.at++ // the quote
		n := strings.IndexByte(r.doc[r.at:], '"')
		if n < 0 {
			return "", fault.New(fault.Invalid, fault.Place{Row: opened}, "a quoted field begins here and does not end", `close it with ", and write a quote within it twice`)
		}
		part := r.doc[r.at : r.at+n]
		r.line += strings.Count(part, "\n")
		r.at += n + 1
		if parts == 0 {
			whole = part
		} else {
			if parts == 1 {
				joined.WriteString(whole)
			}
			joined.WriteByte('"')
			joined.WriteString(part)
		}
		if r.at >= len(r.doc) || r.doc[r.at] != '"' {
			break
		}
	}
	if joined.Len() > 0 {
		whole = joined.String()
	}
	return whole + r.bare(), nil
}

// bare returns the text up to the next comma or line end.
func (r *csvScanner) bare() string {
	rest := r.doc[r.at:]
	n := strings.IndexAny(rest, ",\r\n")
	if n < 0 {
		n = len(rest)
	}
	r.at += n
	return rest[:n]
}
