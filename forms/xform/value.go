package xform

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// mistyped returns what a value should be, if it does not fit the type of its
// node: "a date such as 2016-10-06". It is "" if it fits. Source: ODK XForms
// specification, "Data Types".
func mistyped(d *Definition, value string) string {
	switch d.Type {
	case "string", "barcode":
		return ""
	case "binary":
		if strings.ContainsAny(value, "/\\") {
			return "the name of a file without a folder"
		}
		return ""
	}
	value = strings.TrimSpace(value)
	ok := true
	want := ""
	switch d.Type {
	case "int":
		_, err := strconv.ParseInt(value, 10, 64)
		ok, want = err == nil, "a whole number"
	case "decimal":
		ok, want = decimal(value), "a number"
	case "boolean":
		ok, want = value == "true" || value == "false" || value == "1" || value == "0", "true or false"
	case "date":
		_, isMoment := moment(value)
		ok, want = day(value) || isMoment, "a date such as 2016-10-06"
	case "time":
		ok, want = clock(value), "a time such as 16:05:00.000+02:00"
	case "dateTime":
		_, isMoment := moment(value)
		ok, want = isMoment || day(value), "a date and time such as 2016-10-06T16:05:00.000+02:00"
	case "geopoint":
		_, isPoint := point(value)
		ok, want = isPoint, "a place: latitude, longitude, altitude and accuracy"
	case "geotrace":
		points, all := line(value)
		ok, want = all && len(points) >= 2, "a line of at least two places"
	case "geoshape":
		points, all := line(value)
		ok = all && len(points) >= 4 && points[0] == points[len(points)-1]
		want = "a shape of at least three places that ends where it starts"
	}
	if ok {
		return ""
	}
	return want
}

func decimal(s string) bool {
	if strings.ContainsAny(s, "xXpP_nNiI") {
		return false
	}
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && !math.IsInf(f, 0)
}

func day(s string) bool {
	_, err := time.Parse("2006-01-02", s)
	return err == nil
}

// moment reads a date and time with or without offset.
func moment(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02T15:04") || s[10] != 'T' {
		return time.Time{}, false
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z07", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func clock(s string) bool {
	_, ok := moment("2006-01-02T" + s)
	return ok
}

// point reads latitude and longitude, and checks altitude and accuracy.
func point(s string) ([2]float64, bool) {
	var at [2]float64
	n := 0
	for field := range strings.FieldsSeq(s) {
		f, err := strconv.ParseFloat(field, 64)
		if err != nil || !decimal(field) || n > 3 {
			return at, false
		}
		if n < 2 {
			at[n] = f
		}
		n++
	}
	return at, n >= 2 && math.Abs(at[0]) <= 90 && math.Abs(at[1]) <= 180
}

func line(s string) ([][2]float64, bool) {
	var points [][2]float64
	for part := range strings.SplitSeq(strings.TrimRight(s, "; "), ";") {
		at, ok := point(part)
		if !ok {
			return nil, false
		}
		points = append(points, at)
	}
	return points, true
}

// alike tells whether a calculated value is the one that was sent: the same
// text, number, truth, day or moment. Clients write truths as 1 and 0 too, and
// a day as its midnight.
func alike(ours, theirs string) bool {
	if ours == theirs || strings.TrimSpace(ours) == strings.TrimSpace(theirs) {
		return true
	}
	if ours == "" || theirs == "" {
		return false
	}
	switch ours {
	case "true":
		return theirs == "1"
	case "false":
		return theirs == "0"
	}
	if a, err := strconv.ParseFloat(ours, 64); err == nil {
		b, err := strconv.ParseFloat(theirs, 64)
		return err == nil && math.Abs(a-b) <= 1e-9*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
	}
	if day(ours) || day(theirs) {
		return len(ours) >= 10 && len(theirs) >= 10 && ours[:10] == theirs[:10]
	}
	a, ok1 := moment(ours)
	b, ok2 := moment(theirs)
	return ok1 && ok2 && a.Equal(b)
}
