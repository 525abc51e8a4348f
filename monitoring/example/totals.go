package example

import (
	_ "embed"
	"slices"
)

//go:embed totals.csv
var totalsText []byte

// Totals returns what the example round may be weighted to, as CSV with the
// columns route, nationality, sex, n and basis. Rows with a nationality and no
// sex are Frontex's detections in the months of the round (basis "derived");
// rows with a sex and no nationality divide a route's detections by the split
// that margins.yaml assumes (basis "assumed"), as detections do not tell sex.
// n counts detections of irregular border crossings, not persons. OTH takes
// small nationalities together; derive has the rules.
func Totals() []byte { return slices.Clone(totalsText) }
