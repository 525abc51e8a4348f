package xpath

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

const trips = `<data>
<name>Ada</name>
<trip><country>A</country><days type="int">3</days><leg><to>x</to></leg><leg><to>y</to></leg></trip>
<trip><country>B</country><days type="int">5</days><leg><to>z</to></leg></trip>
<trip><country>C</country><days type="int"/></trip>
<gone irrelevant="1"><inner irrelevant="1">secret</inner></gone>
<index>2</index>
<meta><instanceID odk="1">uuid:1</instanceID></meta>
</data>`

// Facts from JavaRosa: TreeReference.contextualize, XPathPathExprEval,
// IndexedRepeatTest and CurrentTest.
func TestPathsFromTheTop(t *testing.T) {
	check(t, world(t, trips, "data/name", nil), []row{
		{"/data/name", "Ada"}, {".", "Ada"}, {"../name", "Ada"}, {"../../data/name", "Ada"}, {"name(/data/*[1])", "name"},
		{"count(/data/trip)", 3}, {"sum(/data/trip/days)", 8}, {"count(/data/trip/leg)", 3}, {"join(',', /data/trip/leg/to)", "x,y,z"},
		{"/data/trip[country = 'B']/days", 5}, {"/data/trip[2]/country", "B"}, {"/data/trip[position() = 3]/country", "C"}, {"/data/trip[last()]/country", "C"},
		{"/data/trip[days > 2][2]/country", "B"}, {"/data/trip[leg/to = 'z']/country", fails{}}, {"count(/data/trip[days = ''])", 1},
		{"/data/gone/inner", ""}, {"/data/gone/inner = ''", true}, {"count(/data/gone)", 0}, {"count(/data/gone/inner)", 0}, {"string-length(/data/gone/inner)", 0},
		{"/data/nowhere", ""}, {"/data/nowhere = ''", true}, {"number(/data/nowhere)", nan}, {"/data/nowhere != 'x'", true},
		{"/data/meta/instanceID/@odk", 1}, {"count(/data/meta/instanceID/@*)", 1}, {"/data/trip", fails{}}, {"/data/trip/country = 'A'", fails{}},
		{"count(//leg)", 3}, {"join('', //to)", "xyz"}, {"count(/data/descendant::to)", 3}, {"join('', /data/trip[2]/preceding-sibling::trip/country)", "A"},
		{"join('', /data/trip[1]/following-sibling::trip/country)", "BC"}, {"count(/data/trip/leg/ancestor::trip)", 2}, {"name(/data/trip[1]/leg[1]/to/ancestor::*[1])", "leg"},
		{"name(/data/name/following::*[1])", "trip"}, {"count(/data/trip[2]/preceding::to)", 2}, {"join('', (/data/index | /data/name))", "Ada2"}, {"(/data/trip/country)[2]", "B"},
		{"(/data/trip)[days = 5]/leg/to", "z"}, {"position(/data/trip[3])", 3}, {"position(/data/nowhere)", 0}, {"count(/data/trip[1]/self::trip)", 1},
		{"count(/)", 1}, {"local-name(/data)", "data"}, {"/data/trip[if(true(), 2, 1)]/country", "B"},
		{"indexed-repeat(/data/trip/country, /data/trip, 2)", "B"}, {"indexed-repeat(/data/trip/country, /data/trip, /data/index)", "B"},
		{"indexed-repeat(/data/trip/country, /data/trip, 0)", "A"}, {"indexed-repeat(/data/trip/country, /data/trip, '')", "A"}, {"indexed-repeat(/data/trip/country, /data/trip, 9)", ""},
		{"indexed-repeat(/data/trip/leg/to, /data/trip, 1, /data/trip/leg, 2)", "y"}, {"indexed-repeat(../trip/country, ../trip, 3)", "C"},
		{"join('', indexed-repeat(/data/trip/leg/to, /data/trip, 1))", "xy"}, {"indexed-repeat(/data/name, /data/trip, 1)", fails{}},
	})
}

func TestPathsWithinARepeat(t *testing.T) {
	c := world(t, trips, "data/trip[2]/country", nil)
	check(t, c, []row{
		{"/data/trip/country", "B"}, {"/data/trip/days", 5}, {"../days", 5}, {"count(/data/trip)", 1}, {"count(../../trip)", 3}, {"sum(../../trip/days)", 8},
		{"/data/trip/leg/to", "z"}, {"/data/trip[1]/country", "A"}, {"/data/trip[country = 'C']/country", "C"}, {"/data/name", "Ada"},
		{"position(..)", 2}, {"position()", 1}, {"current()", "B"}, {"current()/../days", 5}, {"../../trip[country = current()]/days", 5},
		{"../../trip[position() = position(current()/..)]/country", "B"}, {"count(../../trip[country = current()/../country])", 1},
		{"indexed-repeat(/data/trip/days, /data/trip, 1)", 3}, {"indexed-repeat(/data/trip/leg/to, /data/trip/leg, 1)", "z"}, {"indexed-repeat(../country, .., position(..) - 1)", "A"},
		{"/data/gone/inner", ""}, {"once('n')", "B"},
	})
	c.Node = find(t, c.Main, "data/trip[1]/leg[2]/to")
	check(t, c, []row{
		{"/data/trip/leg/to", "y"}, {"join('', ../../leg/to)", "xy"}, {"/data/trip[country = 'A']/leg/to", "y"}, {"/data/trip/country", "A"}, {"position(..)", 2}, {"position(../..)", 1},
	})
	c.Node = find(t, c.Main, "data/trip[2]")
	check(t, c, []row{{"country", "B"}, {"./country", "B"}, {"position()", 2}, {"last()", 3}, {"leg/to", "z"}, {"/data/trip/country", "B"}, {"string-length()", 0}})
}

func TestPathsWithinAnotherInstanceWithinARepeat(t *testing.T) {
	list := "<root>"
	for _, name := range strings.Split("A B C", " ") {
		list += "<item><name>" + name + "</name></item>"
	}
	for filler := range indexFrom { // so that the index answers too
		c := world(t, trips, "data/trip[2]/country", map[string]string{"l": list + strings.Repeat("<item><name/></item>", filler) + "</root>"})
		check(t, c, []row{
			{"join(',', instance('l')/root/item[name = /data/trip/country]/name)", "B"},
			{"join(',', instance('l')/root/item[name = /data/trip/country and position() > 0]/name)", "B"},
			{"join(',', /data/trip[instance('l')/root/item[name = /data/trip/country]/name = 'C']/country)", "C"},
			{"join(',', instance('l')/root/item[name = indexed-repeat(/data/trip/country, /data/trip, 3)]/name)", "C"},
		})
		c.Node = find(t, c.Main, "data/name")
		check(t, c, []row{{"instance('l')/root/item[name = /data/trip/country]/name", fails{}}})
	}
}

func TestManyNodesAreTold(t *testing.T) {
	c := world(t, trips, "data/name", nil)
	if got := compiled(t, "/data/trip/country").Text(c); got != "A" || !errors.Is(c.Err, ErrMany) {
		t.Errorf("got %q, %v", got, c.Err)
	}
	if !strings.Contains(c.Err.Error(), "/data/trip/country") || !strings.Contains(c.Err.Error(), "indexed-repeat()") {
		t.Errorf("the fault does not say what and how: %v", c.Err)
	}
}

func TestTypedAnswers(t *testing.T) {
	c := world(t, `<d><i type="int">007</i><s>007</s><x type="decimal">abc</x><b type="boolean">0</b><t type="time">10:30:00.000+02:00</t>
<d type="date">2026-03-14</d><dt type="dateTime">2026-03-14T23:30:00.000Z</dt><e type="date"/></d>`, "d", nil)
	check(t, c, []row{
		{"/d/i", "7"}, {"/d/s", "007"}, {"/d/s + 1", 8}, {"/d/i = '7'", true}, {"/d/s = '7'", false}, {"/d/s = 7", true}, {"/d/x", "abc"}, {"/d/x + 1", nan},
		{"not(/d/b)", true}, {"/d/t", "10:30:00.000+02:00"}, {"decimal-time(/d/t)", 0.4375}, {"/d/d", "2026-03-14"}, {"/d/d + 1", 20527}, {"/d/d = today()", true},
		{"/d/dt", "2026-03-15"}, {"/d/dt > /d/d", true}, {"/d/e", ""}, {"/d/e < today()", false}, {"/d/e = ''", true}, {"/d/d - 1 < today()", true}, {"concat(/d/i, /d/d)", "72026-03-14"},
	})
}

func TestReadPaths(t *testing.T) {
	for _, c := range []struct {
		src  string
		want []string
	}{
		{"/data/a + ../b * .", []string{"/data/a", "/data/g/b", "/data/g/x"}},
		{"1 + 2", nil},
		{"once(/data/a)", []string{"/data/g/x", "/data/a"}},
		{"/data/r[b = current()/../c]/d", []string{"/data/r/b", "/data/g/c", "/data/r/d"}},
		{"instance('l')/root/item[name = current()]/label", []string{"instance('l')/root/item/name", "/data/g/x", "instance('l')/root/item/label"}},
		{"pulldata('l', 'a', 'b', /data/k)", []string{"/data/k", "instance('l')"}},
		{"count(/data/*) + count(//y)", []string{"/data/*", "//y"}},
		{"${a} + ${last-saved#b}", []string{"${a}", "${last-saved#b}"}},
		{"indexed-repeat(/data/r/a, /data/r, ../i)", []string{"/data/r/a", "/data/r", "/data/g/i"}},
		{"randomize(/data/r)/a", []string{"/data/r", "/data/r/a"}},
		{"position(..)", []string{"/data/g"}},
		{"/", []string{"/"}},
		{"../../../../a", []string{"/data/a"}},
		{"selected(/data/m, 'a') or selected(/data/m, 'b')", []string{"/data/m"}},
	} {
		e, err := Parse(c.src)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Paths("/data/g/x"); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s reads %q, want %q", c.src, got, c.want)
		}
	}
}
