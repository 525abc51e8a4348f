package example

import (
	_ "embed"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"waymark/internal/fault"
)

// totalsText is made by derive from Frontex's detections; see there. Its sex
// column is empty: detections do not tell sex.
//
//go:embed totals.csv
var totalsText string

// TotalsName is the name of the totals as a file.
const TotalsName = "arrival-totals.csv"

// Total is a count of arrivals.
type Total struct {
	Route       string // "EMR" or "CMR"
	Nationality string // ISO 3166-1 alpha-3, or OTH for the rest
	Sex         string // "" where the count is for both
	N           int    // detections of irregular border crossings, not persons
}

// Totals returns what the example round may be weighted to: Frontex's
// detections by route and nationality in the months of the round. With bySex,
// each count is divided by the sex split that margins.yaml assumes for the
// route; the parts then add up to the published count.
func Totals(bySex bool) ([]Total, error) {
	r := csv.NewReader(strings.NewReader(totalsText))
	r.FieldsPerRecord = 4
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{File: "totals.csv"}, err.Error(), "", err)
	}
	m, err := readMargins()
	if err != nil {
		return nil, err
	}
	var totals []Total
	for i, row := range rows[1:] {
		n, err := strconv.Atoi(row[3])
		if err != nil {
			return nil, fault.Wrap(fault.Internal, fault.Place{File: "totals.csv", Row: i + 2, Column: 4}, "not a whole number", "", err)
		}
		t := Total{row[0], row[1], row[2], n}
		if !bySex {
			totals = append(totals, t)
			continue
		}
		sexes, weights, err := m.sexSplit(t.Route)
		if err != nil {
			return nil, err
		}
		for k, part := range split(n, weights) {
			totals = append(totals, Total{t.Route, t.Nationality, sexes[k], part})
		}
	}
	return totals, nil
}

// sexSplit returns the assumed split of a route's arrivals.
func (m *margins) sexSplit(route string) (sexes []string, weights []int, err error) {
	for _, d := range m.Draws {
		if d.ID != "sex.arrivals" || d.Route != route {
			continue
		}
		for _, item := range d.Weights {
			w, ok := item.Value.(uint64)
			name, named := item.Key.(string)
			if !ok || !named {
				break
			}
			sexes, weights = append(sexes, name), append(weights, int(w))
		}
	}
	if sexes == nil {
		return nil, nil, fault.New(fault.Internal, fault.Place{File: marginsFile, Field: "sex.arrivals"}, "no split for route "+route, "")
	}
	return sexes, weights, nil
}

// WriteTotals writes Totals as CSV with the columns route, nationality, sex, n
// and basis; basis is "Frontex detections", and with bySex says too that the
// split is assumed.
func WriteTotals(w io.Writer, bySex bool) error {
	totals, err := Totals(bySex)
	if err != nil {
		return err
	}
	basis := "Frontex detections"
	if bySex {
		basis += "; sex split assumed"
	}
	rows := [][]string{{"route", "nationality", "sex", "n", "basis"}}
	for _, t := range totals {
		rows = append(rows, []string{t.Route, t.Nationality, t.Sex, strconv.Itoa(t.N), basis})
	}
	return unwritten(csv.NewWriter(w).WriteAll(rows))
}
