package record

import (
	"maps"
	"os"
	"testing"

	"waymark/forms/outline"
	"waymark/forms/xform"
	"waymark/monitoring/instrument"
)

func form(t testing.TB) *xform.Form {
	t.Helper()
	data, err := os.ReadFile("testdata/interview.xml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := xform.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestIdentifying(t *testing.T) {
	want := Mask{
		"/data/deviceid": Device, "/data/person/full": FreeText, "/data/person/guardian": FreeText, "/data/person/phone": Personal,
		"/data/person/born": Personal, "/data/person/greeting": Derived, "/data/spot": Place, "/data/photo": File, "/data/card": FreeText,
		"/data/trip/country": FreeText, "/data/trip/note": FreeText, "/data/main": Derived, "/data/orx:meta/orx:instanceName": Derived,
	}
	got := Identifying(form(t), nil)
	if !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestIdentifyingTrustsTheInstrument: it knows a number that looks personal, and
// marks a choice that nobody would guess.
func TestIdentifyingTrustsTheInstrument(t *testing.T) {
	in := &instrument.Instrument{Questions: []instrument.Question{{Name: "phone"}, {Name: "sex", Identifying: true}, {Name: "full"}, {Name: "age", Identifying: true}}}
	got := Identifying(form(t), in)
	for path, want := range map[string]Reason{"/data/person/phone": "", "/data/person/sex": Marked, "/data/person/full": FreeText, "/data/person/age": Marked, "/data/person/group": Derived} {
		if got[path] != want {
			t.Errorf("%s: %q, want %q", path, got[path], want)
		}
	}
}

func TestBare(t *testing.T) {
	for path, want := range map[string]string{"/data/trip[2]/name": "/data/trip/name", "/data/a[1]/b[22]": "/data/a/b", "/data": "/data", "/data/a[1": "/data/a", "": ""} {
		if got := Bare(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestShows(t *testing.T) {
	f := form(t)
	m, o := Identifying(f, nil), outline.Of(f)
	for _, c := range []struct {
		path, value string
		want        bool
	}{
		{"/data/consent", "yes", true}, {"/data/consent", "Jane of the harbour", false}, {"/data/consent", "", true},
		{"/data/means", "car boat", true}, {"/data/means", "car harbour", false}, {"/data/first", "AFG", true}, {"/data/first", "two words", false},
		{"/data/person/full", "", false}, {"/data/person/age", "31", true}, {"/data/person/age", "a name", false},
		{"/data/today", "2016-10-06", true}, {"/data/today", "never", false}, {"/data/start", "2016-10-06T09:00:00.000+02:00", true}, {"/data/start", "x", false},
		{"/data/seen", "2016-10-06T09:00:00.000+02:00", true}, {"/data/total", "12.5", true}, {"/data/total", "NaN", false},
		{"/data/orx:meta/orx:instanceID", "uuid:0f0e", true}, {"/data/orx:meta/orx:instanceID", "a b", false}, {"/data/person/group", "adult", true},
	} {
		if got := m.Shows(o.At(c.path), c.value); got != c.want {
			t.Errorf("%s %q: %v", c.path, c.value, got)
		}
	}
	if m.Shows(nil, "") {
		t.Error("a node that the form does not have is shown")
	}
}
