package figure

import (
	"math"
	"strings"
	"testing"
)

func linear(rgb uint32) [3]float64 {
	var out [3]float64
	for i := range out {
		v := float64(rgb>>(16-8*i)&0xFF) / 255
		if v <= 0.04045 {
			out[i] = v / 12.92
		} else {
			out[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return out
}

// luminance and contrast are those of WCAG 2.2, "relative luminance" and
// "contrast ratio".
func luminance(rgb uint32) float64 {
	l := linear(rgb)
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

func contrast(a, b uint32) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func colour(t *testing.T, p Paint, theme Theme) uint32 {
	t.Helper()
	c, ok := p.rgb(theme)
	if !ok {
		t.Fatalf("paint %q has no colour", p)
	}
	return c
}

// TestContrast holds the palette to WCAG 2.2: 4.5 to 1 for text (1.4.3) and 3 to
// 1 for parts of a picture (1.4.11). Names of series are text too.
func TestContrast(t *testing.T) {
	for _, theme := range []Theme{Light, Dark, Print} {
		paper, land := colour(t, Paper, theme), colour(t, Land, theme)
		for _, p := range []Paint{Ink, Muted, Series1, Series2, Series3, Neutral, Emphasis} {
			if c := contrast(colour(t, p, theme), paper); c < 4.5 {
				t.Errorf("theme %d: %s on paper has %.2f", theme, p, c)
			}
		}
		for _, p := range []Paint{Ink, Series1, Series2, Series3, Emphasis} {
			if c := contrast(colour(t, p, theme), land); c < 3 {
				t.Errorf("theme %d: %s on land has %.2f", theme, p, c)
			}
		}
		if c := contrast(colour(t, Border, theme), land); c < 1.5 {
			t.Errorf("theme %d: a border on land has %.2f", theme, c)
		}
	}
}

// TestGreyPrint asks that the first two routes differ on a grey printer, beside
// their marks.
func TestGreyPrint(t *testing.T) {
	if c := contrast(colour(t, Series1, Print), colour(t, Series2, Print)); c < 1.5 {
		t.Errorf("the two routes have a contrast of %.2f in print", c)
	}
}

// TestColourVision asks that the series stay apart for people with a colour
// vision deficiency: at least 20 units of CIE 1976 L*a*b* between any two.
// Matrices: Machado, Oliveira and Fernandes (2009), severity 1.0.
func TestColourVision(t *testing.T) {
	kinds := map[string][3][3]float64{
		"none":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
		"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
		"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	}
	series := []Paint{Series1, Series2, Series3}
	for name, m := range kinds {
		for _, theme := range []Theme{Light, Dark} {
			for i, a := range series {
				for _, b := range series[i+1:] {
					x, y := lab(seen(linear(colour(t, a, theme)), m)), lab(seen(linear(colour(t, b, theme)), m))
					d := math.Sqrt(math.Pow(x[0]-y[0], 2) + math.Pow(x[1]-y[1], 2) + math.Pow(x[2]-y[2], 2))
					if d < 20 {
						t.Errorf("%s, theme %d: %s and %s are %.1f apart", name, theme, a, b, d)
					}
				}
			}
		}
	}
}

func seen(c [3]float64, m [3][3]float64) [3]float64 {
	var out [3]float64
	for i, row := range m {
		out[i] = min(max(row[0]*c[0]+row[1]*c[1]+row[2]*c[2], 0), 1)
	}
	return out
}

// lab converts linear sRGB to L*a*b* with the white of D65.
func lab(c [3]float64) [3]float64 {
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
	y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
	z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func TestStyleNamesEveryPaintInEveryTheme(t *testing.T) {
	css := Style()
	for _, s := range palette {
		for theme := Light; theme <= Print; theme++ {
			if want := "--figure-" + string(s.paint) + ":" + s.paint.Hex(theme); !strings.Contains(css, want) {
				t.Errorf("the style sheet lacks %s", want)
			}
		}
	}
	if strings.Contains(css, "url(") || strings.Contains(css, "@import") {
		t.Error("the style sheet asks for something outside")
	}
	if NoPaint.Hex(Light) != "none" || Paint("no such").Hex(Dark) != "none" {
		t.Error("a paint without a colour is not none")
	}
}
