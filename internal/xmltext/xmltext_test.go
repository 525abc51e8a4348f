package xmltext

import "testing"

func TestReference(t *testing.T) {
	for name, want := range map[string]rune{
		"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "#65": 'A', "#x41": 'A', "#x1F600": 0x1F600, "#10": '\n', "#xFFFD": 0xFFFD,
	} {
		if got, ok := Reference(name); !ok || got != want {
			t.Errorf("&%s; is %q, %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "#", "#x", "nbsp", "AMP", "#0", "#x0B", "#+65", "#-65", "#x+41", "#xD800", "#xFFFE", "#x110000", "#4294967361", "#99999999999999999999", "#X41", "65"} {
		if got, ok := Reference(name); ok {
			t.Errorf("&%s; is %q", name, got)
		}
	}
}
