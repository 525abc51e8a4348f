package brief

import (
	"cmp"
	"slices"

	"waymark/monitoring/brief/figure"
)

// band is a part of a picture's height, in its own units.
type band struct{ from, to float64 }

// sliceTall cuts a picture that is taller than a page into bands of at most
// limit units, so that none has to shrink until it cannot be read. It cuts
// where most room is; failing that, where only upright lines and paths pass;
// failing that, at the limit. A picture that is taller by less than a fifth is
// left whole.
func sliceTall(d *figure.Drawing, limit float64) []band {
	_, height := d.Size()
	if height <= limit*1.2 {
		return []band{{0, height}}
	}
	firm, all := covered(d)
	var out []band
	from := 0.0
	for height-from > limit {
		least, most := from+limit/2, from+limit
		cut, ok := widestGap(all, least, most)
		if !ok {
			if cut, ok = widestGap(firm, least, most); !ok {
				cut = most
			}
		}
		out = append(out, band{from, cut})
		from = cut
	}
	return append(out, band{from, height})
}

// covered lists the heights at which something stands, merged and in order:
// what must not be cut, and everything.
func covered(d *figure.Drawing) (firm, all []band) {
	for _, s := range d.Shapes {
		switch s := s.(type) {
		case figure.Label:
			firm = append(firm, band{s.Y - s.Size, s.Y + s.Size*0.35})
		case figure.Point:
			firm = append(firm, band{s.Y - s.Size, s.Y + s.Size})
		case figure.Rect:
			firm = append(firm, band{s.Y, s.Y + s.H})
		case figure.Line:
			if s.Y1 == s.Y2 {
				firm = append(firm, band{s.Y1 - 1, s.Y1 + 1})
			} else {
				all = append(all, band{min(s.Y1, s.Y2), max(s.Y1, s.Y2)})
			}
		}
	}
	return merge(firm), merge(append(all, firm...))
}

func merge(in []band) []band {
	slices.SortFunc(in, func(a, b band) int { return cmp.Compare(a.from, b.from) })
	var out []band
	for _, b := range in {
		if n := len(out); n > 0 && b.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, b.to)
		} else {
			out = append(out, b)
		}
	}
	return out
}

// widestGap returns the middle of the widest gap between bands that lies
// between least and most; of equal ones, the last.
func widestGap(bands []band, least, most float64) (at float64, ok bool) {
	widest := 0.0
	for i := 1; i < len(bands); i++ {
		from, to := max(bands[i-1].to, least), min(bands[i].from, most)
		if to > from && to-from >= widest {
			at, widest, ok = (from+to)/2, to-from, true
		}
	}
	return at, ok
}
