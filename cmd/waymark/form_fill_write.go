package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"waymark/forms/fill"
	"waymark/forms/xform"
	"waymark/internal/fault"
)

// maker makes the document of a number, from 0.
type maker func(number int) (*xform.Session, error)

// dice gives each worker a generator of its own.
func (f *fillFlags) dice(form *xform.Form, files map[string]*xform.File, start time.Time) func() maker {
	return func() maker {
		return fill.NewRandom(form, fill.RandomOptions{Seed: f.seed, Start: start, Blank: f.blank, Files: files, Language: f.lang}).Document
	}
}

// write makes the documents on two workers, and writes them in their order.
// Nothing is written if one is at fault, unless the good ones are asked for.
func (f *fillFlags) write(cmd *cobra.Command, form *xform.Form, n int, workers func() maker) error {
	if info, err := os.Stat(f.out); strings.EqualFold(filepath.Ext(f.out), ".xml") && (err != nil || !info.IsDir()) {
		if n > 1 {
			return usage(fmt.Sprintf("%d documents do not go into the file %s", n, f.out), "name a folder with --out")
		}
		f.single = true
	}
	if f.random > 0 || f.partial {
		return f.stream(cmd, form, n, workers)
	}
	// A table is checked whole before the first file is made.
	faults := fault.NewList(200)
	good := 0
	if err := f.each(cmd, n, workers, func(_ int, _ []byte, err error) error {
		if err == nil {
			good++
		}
		return gather(faults, err)
	}); err != nil {
		return err
	}
	if faults.Len() > 0 {
		faults.Addf(fault.Invalid, fault.Place{}, "mend them, or write the good rows with --partial", "nothing was written; %d of %d rows are good", good, n)
		return faults
	}
	return f.stream(cmd, form, n, workers)
}

func (f *fillFlags) stream(cmd *cobra.Command, form *xform.Form, n int, workers func() maker) error {
	faults := fault.NewList(200)
	tried := &unfilled{places: map[unfilledAt]*fault.Fault{}, documents: map[unfilledAt]int{}}
	width := len(fmt.Sprint(n))
	name := fileName(form.ID)
	var files []string
	written := 0
	err := f.each(cmd, n, workers, func(i int, document []byte, err error) error {
		switch {
		case err != nil && f.random > 0:
			return tried.add(err, i+1, written)
		case err != nil:
			return gather(faults, err)
		}
		written++
		if f.out == "-" {
			return writeOutput(cmd, "-", append(document, '\n'))
		}
		path := f.out
		if !f.single {
			path = filepath.Join(path, fmt.Sprintf("%s-%0*d.xml", name, width, i+1))
		}
		if len(files) < 1000 {
			files = append(files, path)
		}
		return writeOutput(cmd, path, document)
	})
	if err != nil && !errors.Is(err, errHopeless) {
		return err
	}
	if f.random > 0 {
		faults = tried.list(n)
	}
	return f.report(cmd, form, files, written, faults)
}

func gather(faults *fault.List, err error) error {
	var list *fault.List
	var one *fault.Fault
	switch {
	case err == nil:
	case errors.As(err, &list):
		faults.Merge(list)
	case errors.As(err, &one):
		faults.Add(one)
	default:
		return err
	}
	return nil
}

// each makes all documents, some at a time, and hands them on in their order.
func (f *fillFlags) each(cmd *cobra.Command, n int, workers func() maker, use func(int, []byte, error) error) error {
	const hands = 2
	type made struct {
		document []byte
		err      error
	}
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.clear()
	makers := [hands]maker{}
	for i := range makers {
		makers[i] = workers()
	}
	// The first batch is small, so that a form that cannot be filled is soon known.
	for from, batch := 0, hopeless; from < n; from, batch = from+batch, 256 {
		if err := cmd.Context().Err(); err != nil {
			return fault.Wrap(fault.Unavailable, fault.Place{}, fmt.Sprintf("interrupted after %d of %d documents", from, n), "", err)
		}
		results := make([]made, min(batch, n-from))
		var group sync.WaitGroup
		for hand, make := range makers {
			group.Go(func() {
				for i := hand; i < len(results); i += hands {
					s, err := make(from + i)
					if err != nil {
						results[i].err = err
						continue
					}
					results[i].document = s.XML()
				}
			})
		}
		group.Wait()
		for i, r := range results {
			if err := use(from+i, r.document, r.err); err != nil {
				return err
			}
		}
		bar.count("filling", from+len(results), n)
	}
	return nil
}
