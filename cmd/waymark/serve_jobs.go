package main

import (
	"context"
	"errors"
	"time"

	"waymark/store/job"
	"waymark/trust/audit"
)

// background is who works when nobody asks.
var background = audit.Actor{Kind: audit.System, Via: "job"}

// deleteJob is asked for when a deletion was approved.
const deleteJob = "deletion"

// newJobs says what is done in the background, and how often.
func (s *site) newJobs(ctx context.Context) (*job.Jobs, error) {
	kinds := []job.Kind{
		{Name: "sweep", Every: time.Hour, AtStart: true, Do: s.accounts.Sweep},
		{Name: "checkpoint", Every: 5 * time.Minute, AtStart: true, Do: func(ctx context.Context) error {
			_, err := s.house.audit.SignCheckpoint(ctx)
			return err
		}},
		{Name: deleteJob, Every: time.Minute, AtStart: true, Limit: time.Hour, Do: s.deleteRounds},
	}
	return job.New(ctx, job.Options{DB: s.house.db.Writer(), Engine: s.house.db.Engine(), Kinds: kinds, Log: s.log})
}

// deleteRounds carries out the deletions that were approved and are not done: one
// that was cut off goes on.
func (s *site) deleteRounds(ctx context.Context) error {
	waiting, err := s.house.db.ApprovedDeletions(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, d := range waiting {
		done, err := s.house.db.DeleteRound(ctx, background, d.ID, time.Now())
		if err == nil {
			s.log.Info("the answers of a round were deleted", "round", done.Round.String())
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
