package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waymark/forms/xform"
	"waymark/internal/fault"
)

// attachments reads the files that the form names: those given, then those in
// the form's folder. One that is missing stays empty, as on a phone, and is
// named: questions may have no choices without it.
func (f *fillFlags) attachments(cmd *cobra.Command, form *xform.Form, file string) (map[string]*xform.File, error) {
	given := map[string]string{}
	for _, path := range f.attach {
		given[filepath.Base(path)] = path
	}
	files := map[string]*xform.File{}
	for _, id := range sortedIDs(form) {
		source := form.Secondary[id].Source
		if source == "" || strings.HasPrefix(source, "jr://instance/") {
			continue
		}
		name := source[strings.LastIndex(source, "/")+1:]
		path, named := given[name]
		if !named {
			path = filepath.Join(filepath.Dir(file), name)
			if _, err := os.Stat(path); err != nil {
				fmt.Fprintf(cmd.ErrOrStderr(), "The form reads %s, which is not in its folder: name it with --attach, or it counts as empty.\n", name)
				continue
			}
		}
		delete(given, name)
		data, err := readLimited(path)
		if err != nil {
			return nil, err
		}
		if files[name], err = xform.ReadFile(name, data); err != nil {
			return nil, fault.InFile(err, path)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		return nil, usage(fmt.Sprintf("the form reads no file named %q", name), "leave --attach "+given[name]+" out, or name the file as the form does")
	}
	return files, nil
}

func sortedIDs(form *xform.Form) []string {
	ids := make([]string, 0, len(form.Secondary))
	for id := range form.Secondary {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// readLimited reads a file that is not too large for one.
func readLimited(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, fault.Place{File: path}, "the file cannot be read", "check the name and the folder", err)
	}
	if info.IsDir() {
		return nil, fault.New(fault.Invalid, fault.Place{File: path}, "this is a folder, not a file", "name a file in it")
	}
	if info.Size() > xform.MaxBytes {
		return nil, fault.New(fault.Invalid, fault.Place{File: path}, fmt.Sprintf("the file has %d MiB, more than %d", info.Size()>>20, xform.MaxBytes>>20), "split it")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, fault.Place{File: path}, "the file cannot be read", "check that it may be read", err)
	}
	return data, nil
}
