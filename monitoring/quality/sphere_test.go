package quality

import "testing"

// Expected values: R package geosphere 1.5.18,
// distHaversine(c(lon1, lat1), c(lon2, lat2), r = 6371.0088).
func TestKilometres(t *testing.T) {
	for _, c := range []struct {
		a, b place
		want float64
	}{
		{place{40.6413, -73.7781}, place{51.4700, -0.4543}, 5540.01897017},
		{place{35.5, 12.6}, place{37.5, 15.27}, 326.183961718},
		{place{0, 0}, place{0, 180}, 20015.114442},
		{place{12, 34}, place{12, 34}, 0},
	} {
		near(t, "the distance", kilometres(c.a, c.b), c.want, 1e-10)
	}
}

func TestParsePlace(t *testing.T) {
	for text, want := range map[string]bool{
		"35.5 12.6 0 5": true, "35.5,12.6": true, "-35.5 -12.6": true,
		"": false, "35.5": false, "95 12": false, "12 190": false, "NaN 3": false, "a b": false,
	} {
		if _, ok := parsePlace(text); ok != want {
			t.Errorf("%q: %v, expected %v", text, ok, want)
		}
	}
}

func FuzzParsePlace(f *testing.F) {
	for _, s := range []string{"35.5 12.6 0 5", "1e308 1e308", "NaN NaN", "0x1p-2 1", " ,;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, ok := parsePlace(text); ok && !p.onGlobe() {
			t.Errorf("%q gives %v", text, p)
		}
	})
}
