package main

import (
	"errors"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/stats/survey/analysis"
	"waymark/stats/survey/analysis/listing"
	"waymark/stats/table"
)

// read reads the survey file with its types as they are inferred.
func (o *analyseOptions) read(cmd *cobra.Command, file string) (listing.Source, *analysis.Data, error) {
	bar := newProgress(cmd.ErrOrStderr())
	r, err := table.Read(cmd.Context(), file, table.Options{Sheet: o.sheet, Progress: bar.show})
	bar.clear()
	if err != nil {
		return listing.Source{}, nil, err
	}
	printWarnings(cmd.ErrOrStderr(), r.Warnings)
	source := listing.Source{Name: r.Source.Name, Format: r.Source.Format, SHA256: r.Source.SHA256, Rows: r.Source.Rows}
	if r.Table.Rows() == 0 {
		return source, nil, fault.New(fault.Invalid, fault.Place{File: source.Name}, "the file has no rows", "use a file with interviews")
	}
	return source, analysis.NewData(source.Name, r.Table), nil
}

// addFaults takes an error's faults.
func addFaults(faults *fault.List, err error) {
	var list *fault.List
	var f *fault.Fault
	switch {
	case errors.As(err, &list):
		faults.Merge(list)
	case errors.As(err, &f):
		faults.Add(f)
	case err != nil:
		faults.Add(fault.Wrap(fault.Internal, fault.Place{}, err.Error(), "", err))
	}
}
