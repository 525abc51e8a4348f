package handover_test

import (
	"testing"

	"waymark/referral/handover/handovertest"
	"waymark/referral/referraltest"
)

// TestPromise17DeliveredOnceInMemory: the store of the databases is held to the same in
// storedtest.
func TestPromise17DeliveredOnceInMemory(t *testing.T) {
	w := referraltest.NewWorld(t, nil)
	handovertest.Once(t, handovertest.Place{Store: w.Memory, Network: referraltest.Harbour, Agency: w.Police, Owner: w.Officer.ID})
}
