// Package webtest drives pages with a real browser, Debian's Chromium without a
// window: what a page asks the network for, how it looks, whether axe-core finds it
// accessible, whether a keyboard reaches everything. Tests only.
//
// It knows no page: a test hands it a handler. A test binary that uses it has
//
//	func TestMain(m *testing.M) { webtest.Main(m) }
//
// so that all its tests share one browser, which is ended with it.
package webtest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long one step of a browser may take before the test is given up.
const patience = 45 * time.Second

// browser is the one of this process.
var browser struct {
	sync.Mutex
	under   bool
	context context.Context
	end     func()
	err     error
}

// Main runs the tests, ends the browser behind them, and exits.
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run is Main for a TestMain that has more to do: it returns the exit code.
func Run(m *testing.M) int {
	browser.under = true
	code := m.Run()
	browser.Lock()
	if browser.end != nil {
		browser.end()
	}
	browser.Unlock()
	return code
}

// start returns the browser's context.
func start(t testing.TB) context.Context {
	t.Helper()
	browser.Lock()
	defer browser.Unlock()
	if !browser.under {
		t.Fatal("the package needs: func TestMain(m *testing.M) { webtest.Main(m) }")
	}
	if browser.context == nil && browser.err == nil {
		browser.err = launch()
	}
	if browser.err != nil {
		t.Fatalf("no browser: %v\ninstall it with: apt-get install chromium-headless-shell (or run: make tools)", browser.err)
	}
	return browser.context
}

func launch() error {
	program := ""
	// The headless shell is the same engine without the windows, and takes less than half
	// of the processor's time.
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if p, err := exec.LookPath(name); err == nil {
			program = p
			break
		}
	}
	if program == "" {
		return errors.New("the browser Chromium is not on the path: apt-get install chromium-headless-shell")
	}
	profile, err := os.MkdirTemp("", "waymark-browser-")
	if err != nil {
		return err
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(program), chromedp.UserDataDir(profile),
		// Nothing but this machine can be reached, whatever a page asks for.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("force-device-scale-factor", "1"),
		chromedp.Flag("lang", "en-GB"), chromedp.DisableGPU)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses its sandbox to root
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	browser.end = func() {
		_ = chromedp.Cancel(ctx) // it may have ended by itself
		stop()
		stopAllocator()
		_ = os.RemoveAll(profile) // a left-over in the system's folder for such
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		browser.end()
		browser.end = nil
		return err
	}
	browser.context = ctx
	return nil
}
