package monitoring

import (
	"errors"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// inRound gives the faults of a design, which number the rows of the table,
// the file and the row in it, so that the row can be looked up there.
func (r *Round) inRound(err error) error {
	if err == nil {
		return nil
	}
	for _, f := range faultsOf(err) {
		if at := &f.Place; at.File == "" && at.Row > 0 {
			source, row := r.sourceOf(at.Row - 1)
			at.File = source.Name
			if n := source.FileRow(row); n > 0 {
				at.Row = n
				f.Message = strings.TrimSuffix(f.Message, " (data row)")
			} else {
				at.Row = row + 1
			}
		}
	}
	return fault.InFile(err, r.Source.Name)
}

func faultsOf(err error) []*fault.Fault {
	var list *fault.List
	if errors.As(err, &list) {
		return list.Faults
	}
	var f *fault.Fault
	if errors.As(err, &f) {
		return []*fault.Fault{f}
	}
	return nil
}

// sourceOf is the file of a row of the round, and the row in the file's table.
func (r *Round) sourceOf(row int) (table.Source, int) {
	for _, part := range r.Parts {
		if n := part.Table.Rows(); row >= n {
			row -= n
			continue
		}
		return part.Source, row
	}
	return r.Source, row
}
