package xpath

import (
	"testing"
	"time"
)

// FuzzEvaluate compiles and runs whatever parses: no panic, no hang, and what is
// printed means the same as what was read.
func FuzzEvaluate(f *testing.F) {
	for _, s := range []string{
		"/data/trip[country = 'B']/days + 1", "indexed-repeat(/data/trip/leg/to, /data/trip, 2, /data/trip/leg, 1)", "join(',', randomize(//to, 3))",
		"format-date(today() - 3, '%e %b %Y')", "concat(substr(/data/name, -2), round(2.345, 2), translate('a', 'a', 'b'))",
		"regex(/data/name, '[A-Z][a-z]+') and selected(., 'x')", "instance('l')/root/item[name = current()]/label", "area('0 0;1 1;0 1') > distance('0 0', '1 1')",
		"(//to | /data/name)[last()]/ancestor::*[2]", "once(uuid(3))", "digest('a', 'SHA-1', 'hex')", "weighted-checklist(1, 2, /data/name, 3)",
		"//*[//*[//*[//*]]]", "pulldata('l', 'label', 'name', 'a')", "decimal-time('10:00') * min(//days) mod 7", "substring('x', -1 div 0)", "base64-decode('AAAA')",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := Parse(src)
		if err != nil {
			return
		}
		p, err := e.Compile(Options{})
		if err != nil {
			return
		}
		c := world(t, trips, "data/trip[2]/country", map[string]string{"l": "<root><item><name>B</name><label>b</label></item></root>"})
		c.Budget = 100_000
		start := time.Now()
		v := p.Value(c)
		first := c.Err
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("took %v", took)
		}
		printed := e.String()
		if len(printed) > MaxSource {
			return
		}
		again, err := Parse(printed)
		if err != nil {
			t.Fatal(err)
		}
		q, err := again.Compile(Options{})
		if err != nil {
			t.Fatalf("%q compiles, and %q does not: %v", src, printed, err)
		}
		c.Err = nil
		if w := q.Value(c); c.UUID == nil && v.String() != w.String() || (first == nil) != (c.Err == nil) {
			t.Fatalf("%q gives %q, and %q gives %q", src, v, printed, w)
		}
	})
}
