package monitoring

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// Program names the program and its version in every receipt.
const Program = "waymark 0.1.0"

// Round is one file of interviews bound to its instrument.
type Round struct {
	Table      *table.Table
	Instrument *instrument.Instrument
	Source     table.Source
	Warnings   *fault.List
	Synthetic  bool // made-up data, labelled so everywhere
	// Parts are the rounds that were pooled, and Pooling says over which items,
	// where their instruments differ. Nil for a single round.
	Parts   []*Round
	Pooling instrument.Text
}

// ReadRound reads a file of interviews by an instrument. A file without a
// single interview is a fault.
func ReadRound(ctx context.Context, path string, in *instrument.Instrument, opt table.Options) (*Round, error) {
	opt.Match = in.Match
	result, err := table.Read(ctx, path, opt)
	if err != nil {
		return nil, fault.InFile(err, filepath.Base(path))
	}
	return newRound(result, in)
}

// ReadRoundFrom is ReadRound for bytes in memory or an open file of a size.
func ReadRoundFrom(ctx context.Context, r io.ReaderAt, size int64, name string, in *instrument.Instrument, opt table.Options) (*Round, error) {
	opt.Match = in.Match
	result, err := table.ReadFrom(ctx, r, size, name, opt)
	if err != nil {
		return nil, fault.InFile(err, name)
	}
	return newRound(result, in)
}

func newRound(result *table.Result, in *instrument.Instrument) (*Round, error) {
	if result.Table.Rows() == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{File: result.Source.Name}, "the file has a header but no interviews", "export the submissions again; a filter may have left all of them out")
	}
	result.Warnings.InFile(result.Source.Name)
	return &Round{Table: result.Table, Instrument: in, Source: result.Source, Warnings: result.Warnings, Synthetic: LooksSynthetic(result)}, nil
}

// syntheticNote is what every record of the example round says of itself.
const syntheticNote = "synthetic example record"

// LooksSynthetic says whether a file calls itself made up: by its name, or by
// the note that the example round's records carry, whatever the file is called.
func LooksSynthetic(result *table.Result) bool {
	if strings.Contains(strings.ToLower(result.Source.Name), "synthetic") {
		return true
	}
	for _, c := range result.Table.Columns() {
		if (c.Kind() == table.Text || c.Kind() == table.Category) && c.Len() > 0 && c.Text(0) == syntheticNote {
			return true
		}
	}
	return false
}

// period returns the first and last day of the included interviews as ISO
// days, or "" where the instrument or the file has no date.
func (r *Round) period(include []bool) (first, last string) {
	c, ok := r.Table.Column(r.Instrument.Roles[instrument.RoleDate]).(*table.DateColumn)
	if !ok {
		return "", ""
	}
	lo, hi := -1, -1
	for row, in := range include {
		if !in || c.Missing(row) != table.Present {
			continue
		}
		if lo < 0 || c.Days[row] < c.Days[lo] {
			lo = row
		}
		if hi < 0 || c.Days[row] > c.Days[hi] {
			hi = row
		}
	}
	if lo < 0 {
		return "", ""
	}
	return c.Text(lo), c.Text(hi)
}
