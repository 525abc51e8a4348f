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
		{Name: "console", Every: time.Minute, AtStart: true, Do: s.takeWord},
		{Name: "drafts", Every: time.Hour, AtStart: true, Limit: time.Hour, Do: func(ctx context.Context) error {
			_, err := s.house.db.Referral().SweepDrafts(ctx, background, time.Now())
			return err
		}},
		{Name: "erasures", Every: 24 * time.Hour, AtStart: true, Limit: time.Hour, Do: s.settleErasures},
		{Name: "case-keys", Attempts: 2, Limit: 6 * time.Hour, Do: func(ctx context.Context) error {
			return s.house.db.Referral().RotateKeys(ctx, background, nil)
		}},
		{Name: deleteJob, Every: time.Minute, AtStart: true, Limit: time.Hour, Do: s.deleteRounds},
	}
	if a := s.settings.Referral.Service; a != nil {
		deliver, err := s.deliveries(a)
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, job.Kind{Name: deliverJob, Every: time.Minute, AtStart: true, Attempts: 1, Limit: 30 * time.Minute, Do: deliver})
	}
	if age := s.settings.Files.CollectAfter; age > 0 {
		kinds = append(kinds, job.Kind{Name: "collect", Every: 6 * time.Hour, Attempts: 2, Limit: 2 * time.Hour, Do: func(ctx context.Context) error {
			_, err := s.house.db.CollectFiles(ctx, background, age)
			return err
		}})
	}
	if b := s.settings.Backup; b.Dir != "" {
		// Looked at more often than it is due: a server that is started anew every day
		// would never come to the end of a day.
		kinds = append(kinds, job.Kind{Name: "backup", Every: min(b.Every, 15*time.Minute), AtStart: true, Limit: 6 * time.Hour, Do: s.backUp})
	}
	return job.New(ctx, job.Options{DB: s.house.db.Writer(), Engine: s.house.db.Engine(), Kinds: kinds, Log: s.log})
}

// backUp writes a backup into the folder of the settings if one is due. The keys
// are not in it.
func (s *site) backUp(ctx context.Context) error {
	b := s.settings.Backup
	if at, _, err := newestBackup(b.Dir); err == nil && time.Since(at) < b.Every-time.Minute {
		return nil
	}
	if err := scheduledBackup(ctx, s.house.db, s.settings, time.Now()); err != nil {
		return err
	}
	return s.house.db.Note(ctx, audit.Entry{Actor: background, Action: audit.BackedUp})
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

// settleErasures erases again what an older database or older keys, put back, would
// have brought back.
func (s *site) settleErasures(ctx context.Context) error {
	n, err := s.house.db.Referral().SettleErasures(ctx, background)
	if n > 0 {
		s.log.Warn("concerns or cases that had been erased were there again, and were erased again", "count", n)
	}
	return err
}
