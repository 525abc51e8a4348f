package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/stats/table/dta"
)

// statFile is an open file of a statistics program, which has typed variables
// with labels, and rows in blocks.
type statFile struct {
	*source
	rep       *report
	program   string // "Stata" or "SPSS"
	format    string
	variables []statVariable
	rows      int64 // -1 if the file does not say
	blockRows int
	offset    int64 // of the first row
	// scan reads all rows from a reader that stands at the first.
	scan func(r io.Reader, do func(statBlock) error) error
	// notes says, after the last pass, what was found on the way.
	notes func()
}

// statBlock is a run of rows. Numbers' marks are 0 for a number, 1 for the
// missing value that has no name, statOdd for what is no number at all, else a
// missing value with a name of its own.
type statBlock interface {
	rows() int
	Numbers(variable int, dst []float64, mark []uint8)
	text(variable, row int) ([]byte, error)
}

const statOdd = dta.NotANumber // sav.NotANumber is the same

// statVariable is what the file says of a column.
type statVariable struct {
	name, label string
	stored      string // what the file calls the type, for the inference
	text        bool
	clock       statClock
	ordered     bool
	labels      []statLabel      // of numbers, ascending
	levels      []statLabel      // those labels whose numbers are not missing
	marks       map[uint8]string // labels of the missing values that have names
	markName    func(uint8) string
	words       map[string]string    // labels of texts
	declared    func(x float64) bool // numbers that stand for none; nil if there are none
	absent      map[string]bool      // texts that stand for none
	own         map[string]string    // what the writers here left: see statOwn
}

// statLabel is the label of one number.
type statLabel struct {
	value float64
	text  string
}

// readStat reads a file of a statistics program. Without a schema, the file's
// own types and labels say what the columns are; only texts are looked through
// for categories and sets.
func readStat(ctx context.Context, f *statFile, opt Options) (*Result, error) {
	header := f.header()
	if err := f.rep.end(nil); err != nil {
		return nil, err
	}
	f.rep.firstRow = 1
	result := &Result{Labels: map[string]string{}}
	for i, v := range f.variables {
		if v.label != "" {
			result.Labels[header.Names[i]] = v.label
		}
	}
	feeds, build, err := f.feeds(ctx, header, opt, result)
	if err != nil {
		return nil, err
	}
	numbers, mark := make([]float64, f.blockRows), make([]uint8, f.blockRows)
	total := 0
	sum, err := f.pass(ctx, true, func(b statBlock) error {
		n := b.rows()
		for i, feed := range feeds {
			if feed == nil {
				continue
			}
			if !f.variables[i].text {
				b.Numbers(i, numbers, mark)
				feed.numbers(numbers[:n], mark[:n])
				continue
			}
			for row := range n {
				text, err := f.cell(b, i, row, total)
				if err != nil {
					return err
				}
				feed.text(text)
			}
		}
		total += n
		return nil
	})
	if err != nil {
		return nil, err
	}
	f.notes()
	if result.Table, err = build(); err != nil {
		return nil, err
	}
	if sum == "" {
		if sum, err = f.sum(ctx); err != nil {
			return nil, err
		}
	}
	result.Warnings = f.rep.warnings
	result.Source = Source{Name: f.name, Format: f.format, SHA256: sum, Bytes: f.size, Rows: total, FirstRow: 1, Columns: header.Names}
	return result, nil
}

// statFeed takes a column's values, block by block or row by row.
type statFeed interface {
	numbers(x []float64, mark []uint8)
	text(cell []byte)
}

// feeds makes what takes each column, nil for one to skip, and the function
// that makes the table in the end.
func (f *statFile) feeds(ctx context.Context, h Header, opt Options, result *Result) ([]statFeed, func() (*Table, error), error) {
	feeds := make([]statFeed, len(f.variables))
	rows := int(min(max(f.rows, 0), f.size)) // a damaged file may claim any number
	if opt.Match != nil {
		f.passes = 1
		schema, err := opt.Match(h)
		if err != nil {
			return nil, nil, err
		}
		a, err := assemble(schema, h, f.rep)
		if err != nil {
			return nil, nil, err
		}
		if err := f.rep.end(nil); err != nil {
			return nil, nil, err
		}
		for i, adder := range a.adders {
			if adder != nil {
				adder.reserve(rows)
				feeds[i] = newStatCells(&f.variables[i], adder, &schema.Fields[schema.Targets[i].Field], origin{i + 1, h.Names[i]})
			}
		}
		return feeds, func() (*Table, error) {
			for _, feed := range feeds {
				if feed != nil {
					feed.(*statCells).report(f.rep)
				}
			}
			return a.table(f.rep)
		}, nil
	}
	made, err := f.inferTexts(ctx, h)
	if err != nil {
		return nil, nil, err
	}
	for i := range f.variables {
		if made[i] == nil {
			made[i] = newStatNumbers(&f.variables[i], origin{i + 1, h.Names[i]})
		}
		made[i].reserve(rows)
		feeds[i] = made[i]
	}
	return feeds, func() (*Table, error) {
		columns := make([]Column, len(made))
		for i, m := range made {
			var why Inference
			columns[i], why = m.finish(f.rep)
			why.Why = fmt.Sprintf("the %s file stores it as %s; %s", f.program, f.variables[i].stored, why.Why)
			result.Inferred = append(result.Inferred, why)
		}
		if err := f.rep.end(nil); err != nil {
			return nil, err
		}
		t, err := New(columns...)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, f.rep.at(0, 0, ""), "the columns do not make a table", "", err)
		}
		return t, nil
	}, nil
}

// statColumn makes a column without a schema.
type statColumn interface {
	statFeed
	reserve(rows int)
	finish(rep *report) (Column, Inference)
}

// pass reads all rows once. The last pass also reads what follows them, for
// the checksum, which it returns if it covers the whole file.
func (f *statFile) pass(ctx context.Context, last bool, do func(statBlock) error) (string, error) {
	r := f.reader(ctx, true)
	if _, err := io.CopyN(io.Discard, r, f.offset); err != nil {
		return "", f.failed(err)
	}
	if err := f.scan(r, do); err != nil {
		return "", f.failed(err)
	}
	if !last {
		return "", nil
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return "", f.failed(err)
	}
	return f.passSum(), nil
}

// failed gives a codec's fault the file's name.
func (f *statFile) failed(err error) error { return placed(err, f.rep) }

func placed(err error, rep *report) error {
	var known *fault.Fault
	if errors.As(err, &known) {
		if known.Place.File == "" {
			known.Place.File = rep.file
		}
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fault.Wrap(fault.Unavailable, rep.at(0, 0, ""), "the file could not be read", "copy it to a local disk and try again", err)
}

// header makes a header of the variables' names.
func (f *statFile) header() Header {
	cells := make([][]byte, len(f.variables))
	tags := make([]string, len(f.variables))
	tagged := false
	for i, v := range f.variables {
		cells[i] = keepEscape([]byte(v.name))
		if v.name == "" {
			cells[i] = fmt.Appendf(nil, "column %d", i+1)
		}
		tags[i] = v.own[ownHXL]
		tagged = tagged || tags[i] != ""
	}
	h := readHeader(cells, f.rep, 0)
	if tagged && len(h.Names) == len(tags) {
		h.HXL = tags
	}
	return h
}

// cell is one text, checked.
func (f *statFile) cell(b statBlock, variable, row, before int) ([]byte, error) {
	text, err := b.text(variable, row)
	at := f.rep.at(before+row+1, variable+1, f.variables[variable].name)
	if err != nil {
		var known *fault.Fault
		if errors.As(err, &known) {
			known.Place = at
		}
		return nil, err
	}
	if len(text) > f.rep.limits.CellBytes {
		return nil, f.rep.stop(at, "shorten the value", "a value is longer than %d bytes", f.rep.limits.CellBytes)
	}
	if !utf8.Valid(text) {
		return nil, f.rep.stop(at, "leave the column out, or write it as text", "the column holds bytes that are not text")
	}
	return text, nil
}

// quoted names a label in a message, shortened.
func quoted(label string) string {
	if r := []rune(label); len(r) > 60 {
		label = string(r[:57]) + "..."
	}
	return `"` + strings.ToValidUTF8(label, "?") + `"`
}
