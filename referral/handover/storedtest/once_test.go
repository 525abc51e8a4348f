package storedtest

import (
	"os"
	"testing"

	"waymark/referral/handover/handovertest"
	"waymark/store/storetest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	storetest.Stop()
	os.Exit(code)
}

// TestPromise17KilledAtAnyWriteAPackageIsDeliveredOnce holds each engine.
func TestPromise17KilledAtAnyWriteAPackageIsDeliveredOnce(t *testing.T) {
	for _, e := range storetest.Engines {
		t.Run(e.Name, func(t *testing.T) {
			n := storetest.OpenNetwork(t, e.NewPlace(t).Open(t))
			handovertest.Once(t, handovertest.Place{Store: n.Store, Network: n.Home, Agency: n.Police, Owner: 41})
		})
	}
}
