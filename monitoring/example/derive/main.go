// Command derive makes the two files of the example round that come from Frontex's
// monthly detections of irregular border crossings: detections.csv (route,
// month, nationality, n) and totals.csv (route, nationality, sex, n, basis).
//
//	go run ./derive -from detections.csv
//
// The rules: the Eastern Mediterranean route from December 2015 to September
// 2016 (EMR) and the Central Mediterranean route from June to September 2016
// (CMR), crossings by sea and by land together; nationalities below 0.15% of a
// route's detections, unknown ones and those without a state are taken together
// as OTH. Detections count crossings, not persons. They do not tell sex: the
// rows by sex divide a route's detections by the share arrivals.female that
// margins.yaml assumes, and say so in the column basis.
//
// It reads that one file and margins.yaml; it knows nothing of interviews.
package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml"
)

// window is a route with the months that the example round covers, inclusive.
type window struct{ code, name, first, last string }

var windows = []window{
	{"EMR", "Eastern Mediterranean Route", "2015-12", "2016-09"},
	{"CMR", "Central Mediterranean Route", "2016-06", "2016-09"},
}

// smallest is the share of a route's detections below which a nationality
// counts as other: per 10,000, exclusive.
const smallest = 15

func main() {
	from := flag.String("from", "", "Frontex's detections as CSV: route,type,nat,month,n (required)")
	to := flag.String("to", ".", "folder with margins.yaml, to write detections.csv and totals.csv to")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "derive:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	monthly, totals, err := derive(from, filepath.Join(to, "margins.yaml"))
	if err != nil {
		return err
	}
	if err := write(filepath.Join(to, "detections.csv"), monthly); err != nil {
		return err
	}
	return write(filepath.Join(to, "totals.csv"), totals)
}

// derive returns the rows of both files, headers included, largest nationality
// first.
func derive(from, margins string) (monthly, totals [][]string, err error) {
	f, err := os.Open(from)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, nil, err
	}
	women, err := shareOfWomen(margins)
	if err != nil {
		return nil, nil, err
	}
	monthly = [][]string{{"route", "month", "nationality", "n"}}
	totals = [][]string{{"route", "nationality", "sex", "n", "basis"}}
	for _, w := range windows {
		all, byNat, cell := 0, map[string]int{}, map[[2]string]int{}
		var months []string
		for i, r := range rows[1:] {
			if r[0] != w.name || r[3] < w.first || r[3] > w.last {
				continue
			}
			n, err := strconv.Atoi(r[4])
			if err != nil {
				return nil, nil, fmt.Errorf("%s: row %d: %w", filepath.Base(from), i+2, err)
			}
			all += n
			byNat[r[2]] += n
			cell[[2]string{r[3], r[2]}] += n
			if !slices.Contains(months, r[3]) {
				months = append(months, r[3])
			}
		}
		slices.Sort(months)
		kept, other := keep(byNat, all)
		for _, month := range months {
			for _, nat := range kept {
				monthly = appendCount(monthly, cell[[2]string{month, nat}], w.code, month, nat)
			}
			n := 0
			for _, nat := range other {
				n += cell[[2]string{month, nat}]
			}
			monthly = appendCount(monthly, n, w.code, month, "OTH")
		}
		n := 0
		for _, nat := range kept {
			totals = append(totals, []string{w.code, nat, "", strconv.Itoa(byNat[nat]), "derived"})
		}
		for _, nat := range other {
			n += byNat[nat]
		}
		female := int(math.Round(women[w.code] * float64(all)))
		totals = append(totals, []string{w.code, "OTH", "", strconv.Itoa(n), "derived"},
			[]string{w.code, "", "female", strconv.Itoa(female), "assumed"},
			[]string{w.code, "", "male", strconv.Itoa(all - female), "assumed"})
	}
	return monthly, totals, nil
}

// shareOfWomen reads the assumed share of women among arrivals by route.
func shareOfWomen(margins string) (map[string]float64, error) {
	text, err := os.ReadFile(margins)
	if err != nil {
		return nil, err
	}
	var m struct {
		Figures []struct {
			ID, Route string
			Value     float64
		}
	}
	if err := yaml.Unmarshal(text, &m); err != nil {
		return nil, err
	}
	shares := map[string]float64{}
	for _, f := range m.Figures {
		if f.ID == "arrivals.female" {
			shares[f.Route] = f.Value
		}
	}
	for _, w := range windows {
		if shares[w.code] == 0 {
			return nil, fmt.Errorf("%s: no figure arrivals.female for route %s", filepath.Base(margins), w.code)
		}
	}
	return shares, nil
}

// keep divides nationalities into those that stand alone, largest first, and
// the others.
func keep(byNat map[string]int, all int) (kept, other []string) {
	for nat, n := range byNat {
		if nat == "OOO" || nat == "STL" || n*10_000 < all*smallest {
			other = append(other, nat)
		} else {
			kept = append(kept, nat)
		}
	}
	slices.SortFunc(kept, func(a, b string) int {
		if byNat[a] != byNat[b] {
			return byNat[b] - byNat[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	return kept, other
}

func appendCount(rows [][]string, n int, fields ...string) [][]string {
	if n == 0 {
		return rows
	}
	return append(rows, append(fields, strconv.Itoa(n)))
}

func write(name string, rows [][]string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(rows); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
