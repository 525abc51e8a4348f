package main

import (
	"fmt"
	"io"
	"strings"

	"waymark/internal/fault"
)

// printFormWarnings lists the compiler's warnings.
func printFormWarnings(w io.Writer, warnings []*fault.Fault) {
	if len(warnings) > 0 {
		fmt.Fprintf(w, "\n%s; the form can be used\n", counted(len(warnings), "warning", "warnings"))
		printBySheet(w, warnings)
	}
}

// printBySheet lists faults by sheet, in the order of rows, bounded.
func printBySheet(w io.Writer, warnings []*fault.Fault) {
	const most = 20 // of a sheet
	var sheets []string
	bySheet := map[string][]*fault.Fault{}
	for _, f := range warnings {
		if bySheet[f.Place.Sheet] == nil {
			sheets = append(sheets, f.Place.Sheet)
		}
		bySheet[f.Place.Sheet] = append(bySheet[f.Place.Sheet], f)
	}
	for _, sheet := range sheets {
		title := "sheet " + sheet
		if sheet == "" {
			title = "workbook"
		}
		fmt.Fprintln(w, title)
		groups := alike(bySheet[sheet])
		for i, group := range groups {
			if i == most {
				fmt.Fprintf(w, "  and %d more; --format json lists them all\n", len(groups)-most)
				break
			}
			g := *group[0]
			g.Place.File, g.Place.Sheet = "", ""
			if len(group) > 1 {
				g.Message += fmt.Sprintf(", and so in %s", otherRows(group[1:]))
			}
			fmt.Fprintf(w, "  %s\n", &g)
		}
	}
}

// alike puts faults together that say the same of several rows of a column.
func alike(faults []*fault.Fault) [][]*fault.Fault {
	type saying struct {
		column          int
		message, remedy string
	}
	var groups [][]*fault.Fault
	index := map[saying]int{}
	for _, f := range faults {
		key := saying{f.Place.Column, f.Message, f.Remedy}
		if i, said := index[key]; said && f.Place.Row > 0 {
			groups[i] = append(groups[i], f)
			continue
		}
		index[key] = len(groups)
		groups = append(groups, []*fault.Fault{f})
	}
	return groups
}

// otherRows names rows, the first ten of many.
func otherRows(faults []*fault.Fault) string {
	const most = 10
	if len(faults) == 1 {
		return fmt.Sprintf("row %d", faults[0].Place.Row)
	}
	var rows []string
	for i, f := range faults {
		if i == most {
			return fmt.Sprintf("rows %s and %d more", strings.Join(rows, ", "), len(faults)-most)
		}
		rows = append(rows, fmt.Sprint(f.Place.Row))
	}
	return "rows " + strings.Join(rows, ", ")
}

// mentionFormWarnings says that the compiler warned, where the warnings are not
// what the command is for.
func mentionFormWarnings(w io.Writer, file string, warnings []*fault.Fault) {
	if len(warnings) > 0 {
		fmt.Fprintf(w, "%s; \"waymark form check %s\" lists them\n", counted(len(warnings), "warning about the form", "warnings about the form"), file)
	}
}
