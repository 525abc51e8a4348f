package openrosa_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"waymark/forms/openrosa"
)

// drawnBy reads the modules that a path of horizontal runs draws.
func drawnBy(t *testing.T, d string, quiet int) map[[2]int]bool {
	t.Helper()
	out := map[[2]int]bool{}
	for run := range strings.SplitSeq(strings.TrimSuffix(d, "z"), "z") {
		var x, y, n, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &x, &y, &n, &back); err != nil || n != back {
			t.Fatalf("%q: %v", run, err)
		}
		for i := range n {
			out[[2]int{x + i - quiet, y - quiet}] = true
		}
	}
	return out
}

// TestQRIsRead has ZBar, which shares no code with the encoder, read the picture.
func TestQRIsRead(t *testing.T) {
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("zbarimg is missing: install the package zbar-tools")
		}
		t.Skip("zbarimg is missing: install the package zbar-tools")
	}
	token, _ := openrosa.NewToken()
	text, err := openrosa.Settings("https://data.example.org", token, openrosa.Phone{Name: "جولة تجريبية", Code: "E07", Lang: "ar"})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := openrosa.QRPNG(&b, text); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "code.png")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(reader, "--quiet", "--raw", "-S*.disable", "-Sqrcode.enable", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(out)); got != text {
		t.Errorf("read %q", got)
	}
}
