package fastnb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/internal/trace"
)

// run is a fit in progress.
type run struct {
	config  fitConfig
	net     *net
	feed    *feed
	stepper *stepper
	clock   *clock
	show    *display
	metrics []metric.Metric
	hooks   hooks // callbacks
	files   *fitFiles
	ctx     context.Context
	rates   []float64 // per trained layer group
	decays  []float64 // likewise
	batches int       // per epoch
	epoch   int       // where we are
	batch   int       // of the epoch, those that are done
	inPass  bool      // the epoch's pass over the data has begun
	ema     metric.EMA
	begun   time.Time // of the epoch
	asked   FitInfo   // when the fit began
	given   Data      // likewise; a callback may set other data
	planned *plan     // see plan
	saved   time.Time // when the fit was last saved, or began
}

// check tells everything that can be told before any work, and takes the rates.
func (r *run) check(lrs LRs) (err error) {
	if err := r.net.checkBatch(r.feed.data, r.feed.precompute); err != nil {
		return err
	}
	_, groups := r.net.trained(r.feed.precompute)
	if r.rates, err = lrs.of(groups); err != nil {
		if r.feed.precompute {
			return fmt.Errorf("%w: Precompute is on, so only the head trains", err)
		}
		return err
	}
	if r.net.model.Losses != nil && r.config.mix.by != "" {
		return fmt.Errorf("%s mixes items of one label, model %s has losses of its own; leave it out",
			r.config.mix.by, r.net.model.Name)
	}
	if err := r.hooks.check(); err != nil {
		return err
	}
	if r.decays, err = r.config.wds.of(groups); err != nil {
		return fmt.Errorf("weight decay: %w", err)
	}
	r.batches = trainBatches(r.feed.data)
	return r.config.check(r.feed.data)
}

// fit trains: epochs of batches, each followed by validation.
func (r *run) fit() error {
	if err := r.begin(); errors.Is(err, ErrStop) {
		return nil
	} else if err != nil {
		return err
	}
	ctx, release := interruptible(r.config.ctx)
	defer release()
	r.ctx = ctx
	trace.Mark("fit")
	r.show.to.Begin(r.config.epochs, r.batches, epochColumns(metricNames(r.metrics), r.validates()))
	for i, e := range r.hooks.recorder().Epochs { // of a fit that goes on
		r.show.epoch(i, e, metricNames(r.metrics), r.validates())
	}
	err := r.end(r.train())
	r.show.to.End(err)
	return err
}

func (r *run) begin() error {
	if err := r.net.open(r.feed.data, r.clock.initial()); err != nil {
		return err
	}
	if err := checkKept(r.net.variables(), r.feed.data); err != nil {
		return err
	}
	r.ema, r.saved = metric.EMA{Beta: 0.98}, time.Now()
	r.asked, r.given = r.info(), r.feed.data
	if resumed, err := r.resume(); resumed || err != nil {
		return err
	}
	if !r.config.keepOptimizer {
		if err := r.net.resetOptimizer(); err != nil {
			return err
		}
	}
	return r.hooks.beginFit(&Recorder{Metrics: metricNames(r.metrics), Fit: r.asked}, nil)
}

// plan returns what the run was asked for. It is made when it is first needed: to name the training items may take as
// long as to read them.
func (r *run) plan() plan {
	if r.planned == nil {
		p := r.newPlan()
		r.planned = &p
	}
	return *r.planned
}

func (r *run) newPlan() plan {
	c, data := r.config, r.given
	p := plan{
		Fit: r.asked, Part: c.part, Optimizer: fmt.Sprintf("%T%+v", r.feed.graphs.optimizer, r.feed.graphs.optimizer),
		KeepOptimizer: c.keepOptimizer, LR: sampled(c.lr), Mom: sampled(c.mom), Loss: words(r.feed.graphs.loss.Name),
		Metrics: metricNames(r.metrics), Train: words(data.Fingerprint(Train)), Valid: words(data.Fingerprint(Valid)),
		Fitted: digest(fittedOf(data).text),
	}
	for _, callback := range r.hooks.callbacks {
		p.Callbacks = append(p.Callbacks, fmt.Sprintf("%T", callback))
	}
	return p
}

// resume goes on with a fit that was not finished, if that is asked for and there is one; it tells whether it does.
// Where all that began here are of other plans that is an error. Where it isn't asked for, a line says what there is.
func (r *run) resume() (bool, error) {
	all, err := r.files.unfinished()
	if !r.config.resume {
		r.offer(all)
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("a fit that was not finished can't be gone on with: %w; Resume(false) begins anew", err)
	}
	if r.config.part == 2 { // FineTune has done its first part by now
		all = slices.DeleteFunc(all, func(k keptFit) bool { return k.at().Plan.isPart(1) })
	}
	if len(all) == 0 {
		return false, nil
	}
	own, err := r.files.name(r.plan())
	if err != nil {
		return false, err
	}
	if i := slices.IndexFunc(all, func(k keptFit) bool { return k.name == own }); i >= 0 {
		return true, r.goOn(all[i])
	}
	differs, err := r.plan().differs(all[0].at().Plan)
	if err != nil {
		return false, err
	}
	return false, fmt.Errorf("the fit that was not finished (%s, saved %s) is another one: %s; "+
		"want the same call, data and learner, or Resume(false) to begin anew",
		all[0].at(), ago(all[0].state.Saved), differs)
}

// offer says which fit could be gone on with, if it were asked for.
func (r *run) offer(all []keptFit) {
	if len(all) == 0 {
		return
	}
	own, _ := r.files.name(r.plan()) // of one that has no name nothing was saved
	for _, k := range all {
		if k.name == own || r.config.part == 1 && k.at().Plan.isPart(2) {
			r.show.line("the same fit was begun and not finished, %s, saved %s: Resume(true) goes on with it; "+
				"this one begins anew", k.at(), ago(k.state.Saved))
			return
		}
	}
}

// goOn takes over a fit.
func (r *run) goOn(k keptFit) error {
	at := k.at()
	if k.state.Data != at.Plan.Train {
		return errors.New("a callback had set other data in the course of the fit that was not finished, " +
			"and those can't be set again; Resume(false) begins anew")
	}
	if err := r.files.load(k.name); err != nil {
		return err
	}
	rec := r.hooks.recorder()
	for _, loss := range rec.RawLoss {
		r.ema.Add(loss)
	}
	r.epoch, r.batch, r.inPass = at.Epoch, at.Batch, at.InPass
	r.show.line("going on with the fit that was not finished, %s", at)
	return r.hooks.beginFit(rec, at.Callbacks)
}

// keep saves the fit if it is time to. That it can't is no reason to end: it is said, and tried again.
func (r *run) keep() {
	if r.config.saveEvery <= 0 || time.Since(r.saved) < r.config.saveEvery {
		return
	}
	if err := r.saveInCourse(); err != nil {
		r.show.line("the fit goes on but could not be saved: %v", err)
	}
	r.saved = time.Now()
}

// saveInCourse saves the fit so that it can be gone on with.
func (r *run) saveInCourse() error {
	states, err := r.hooks.states()
	if err != nil {
		return err
	}
	name, err := r.files.name(r.plan())
	if err != nil {
		return err
	}
	return r.files.save(name, &unfinished{r.plan(), r.epoch, r.batch, r.inPass, states})
}

// info returns what the run was asked for.
func (r *run) info() FitInfo {
	c, n, data := r.config, r.net, r.feed.data
	i := FitInfo{
		Verb: c.verb, Cycles: c.cycles, Epochs: c.epochs, LR: r.rates, WD: r.decays, Clip: c.clip, Mix: c.mix.String(),
		Groups: len(n.model.Groups), FrozenTo: n.frozenTo, BN: n.bn.String(), BNFreeze: n.bnFreeze,
		Precompute: r.feed.precompute, Train: data.Len(Train), Valid: data.Len(Valid), BatchSize: data.BatchSize(),
		Batches: r.batches,
	}
	if c.cyclic {
		i.CycleLen, i.CycleMult = c.cycleLen, c.cycleMult
	}
	i.Optimizer = fmt.Sprintf("%T", r.feed.graphs.optimizer)
	i.Optimizer = i.Optimizer[strings.LastIndexByte(i.Optimizer, '.')+1:]
	return i
}

func (r *run) train() error {
	for r.epoch < r.config.epochs {
		if err := r.beginEpoch(); err != nil {
			return err
		}
		if err := r.trainEpoch(); err != nil {
			return err
		}
		if err := r.endEpoch(); err != nil {
			return err
		}
		r.epoch, r.batch, r.inPass = r.epoch+1, 0, false
		r.keep()
	}
	return nil
}

// beginEpoch begins the pass of the next epoch, unless that was done before the fit was killed.
func (r *run) beginEpoch() error {
	if !r.inPass {
		if err := r.hooks.beginEpoch(); err != nil {
			return err
		}
	}
	if err := r.same(); err != nil || r.inPass {
		return err
	}
	r.clock.passes++
	r.inPass = true
	return r.net.resetStates()
}

// same tells which of what the fit was planned with a callback has changed: the rates are for so many layer groups, the
// schedule for so many batches.
func (r *run) same() error {
	if _, groups := r.net.trained(r.feed.precompute); groups != len(r.rates) {
		return fmt.Errorf("a callback has turned Precompute on or off in epoch %d, or unfrozen the body that it stands for: "+
			"%d layer groups train and the fit has %d learning rates; begin another fit for that", r.epoch, groups, len(r.rates))
	}
	if n := trainBatches(r.feed.data); n != r.batches {
		return fmt.Errorf("a callback has set data of %d batches in epoch %d and the fit is planned for %d; "+
			"begin another fit with those, or set a BatchSize that makes as many", n, r.epoch, r.batches)
	}
	return r.net.checkBatch(r.feed.data, r.feed.precompute)
}

func (r *run) trainEpoch() error {
	r.begun = time.Now()
	view := View{Split: Train, Shuffle: true, Augment: true, Seed: r.clock.pass(-1)}
	source := r.feed
	if r.hooks.beforeEachBatch() {
		source = source.onHost()
	}
	for bs, err := range inGroups(after(r.batch, source.read(r.ctx, view)), r.atOnce) {
		if err != nil {
			return err
		}
		if err := r.trainBatches(bs); err != nil {
			return err
		}
		r.keep()
	}
	return nil
}

// atOnce returns how many batches the next call may train on: one where a callback wants to be called after each.
func (r *run) atOnce() int {
	if r.hooks.afterEachBatch() {
		return 1
	}
	return r.stepper.atOnce()
}

func (r *run) trainBatches(bs []Batch) error {
	hs, prep, precompute := make([]hyper, len(bs)), r.feed.prep, r.feed.precompute
	for i := range hs {
		hs[i] = r.hyper(r.batch + i)
		if err := r.hooks.beginBatch(&bs[i], &hs[i]); errors.Is(err, ErrStop) {
			return err
		} else if err := errors.Join(err, hs[i].check(r.planner())); err != nil {
			return fmt.Errorf("%w in epoch %d, batch %d", err, r.epoch, r.batch+i)
		}
	}
	if r.feed.prep != prep || r.feed.precompute != precompute {
		return fmt.Errorf("a callback has changed the data or Precompute before batch %d of epoch %d; BeginEpoch may do that",
			r.batch, r.epoch)
	}
	losses, err := r.stepper.train(bs, hs)
	if err != nil {
		return err
	}
	for i, loss := range losses {
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return r.diverged(hs[i])
		}
		r.record(hs[i], loss)
		r.show.to.Batch(r.epoch, r.batch, r.ema.Value())
		r.batch++
	}
	if err := r.hooks.endBatches(); err != nil {
		return err
	}
	if r.ctx.Err() != nil {
		return ErrInterrupted
	}
	return nil
}

// planner names who gives a step its hyper-parameters.
func (r *run) planner() string {
	if r.hooks.beforeEachBatch() {
		return "the schedule or BeginBatch"
	}
	return "the schedule"
}

// hyper returns the hyper-parameters of a batch of the running epoch.
func (r *run) hyper(batch int) hyper {
	c := r.config
	pct := float64(r.epoch*r.batches+batch) / float64(c.epochs*r.batches)
	h := hyper{wd: r.decays, mom: c.mom(pct), clip: c.clip, mix: c.mix, lr: slices.Clone(r.rates)}
	for i := range h.lr {
		h.lr[i] *= c.lr(pct)
	}
	return h
}

func (r *run) record(h hyper, loss float64) {
	rec := r.hooks.recorder()
	r.ema.Add(loss)
	rec.LR = append(rec.LR, h.lr[len(h.lr)-1])
	rec.Mom = append(rec.Mom, h.mom)
	rec.RawLoss = append(rec.RawLoss, loss)
	rec.Loss = append(rec.Loss, r.ema.Value())
}

func (r *run) diverged(h hyper) error {
	return fmt.Errorf("%w in epoch %d, batch %d, at learning rate %.3g; try a lower one (LRFind shows which), or Clip",
		ErrNaN, r.epoch, r.batch, h.lr[len(h.lr)-1])
}

// divergedInValidation keeps what was learned: the training losses were finite, so the fault may be the validation
// items'.
func (r *run) divergedInValidation() error {
	err := fmt.Errorf("%w: the validation loss of epoch %d; try a lower learning rate (LRFind shows which), or Clip",
		ErrNaN, r.epoch)
	if failed := r.files.save("diverged", nil); failed != nil {
		return errors.Join(err, failed)
	}
	return fmt.Errorf("%w, or look for validation items that are not as the training items; "+
		"weights and history are in the checkpoint \"diverged\"", err)
}

// validates tells whether there is anything to validate on.
func (r *run) validates() bool { return r.feed.data.Len(Valid) > 0 }

func (r *run) endEpoch() error {
	rec := r.hooks.recorder()
	e := Epoch{TrainLoss: r.ema.Value(), Batches: len(rec.Loss)}
	if r.validates() {
		p, err := predict(r.ctx, r.feed, View{Split: Valid})
		if err != nil {
			return err
		}
		if math.IsNaN(p.Loss) || math.IsInf(p.Loss, 0) {
			return r.divergedInValidation()
		}
		e.ValidLoss, e.Metrics = p.Loss, p.scores(r.metrics)
	}
	e.Seconds = time.Since(r.begun).Seconds()
	rec.Epochs = append(rec.Epochs, e)
	r.show.epoch(r.epoch, e, rec.Metrics, r.validates())
	if err := r.saveCycle(); err != nil {
		return err
	}
	return r.hooks.endEpoch()
}

// saveCycle saves the checkpoint of a cycle that ends with this epoch.
func (r *run) saveCycle() error {
	cycle, ends := r.config.cycleEnd(r.epoch + 1)
	if r.config.cycleSave == "" || !ends {
		return nil
	}
	return r.files.save(cycleName(r.config.cycleSave, cycle), nil)
}

// end runs the last callbacks and says how the fit ended: a callback's ErrStop is a good end.
func (r *run) end(err error) error {
	if errors.Is(err, ErrStop) {
		err = nil
	}
	if errors.Is(err, ErrInterrupted) {
		err = r.interrupted()
	}
	if err == nil {
		if left := r.files.forget(r.plan, r.config.part); left != nil {
			r.show.line("the fit is done, what was saved in its course could not be removed: %v", left)
		}
	}
	return errors.Join(err, r.hooks.endFit())
}

func (r *run) interrupted() error {
	if err := r.files.save(atTheStop, nil); err != nil {
		return errors.Join(ErrInterrupted, err)
	}
	err := fmt.Errorf("%w in epoch %d after %d of %d batches; weights and history are in the checkpoint \"interrupted\"",
		ErrInterrupted, r.epoch, r.batch, r.batches)
	if r.config.saveEvery <= 0 {
		return err
	}
	if failed := r.saveInCourse(); failed != nil {
		return errors.Join(err, failed)
	}
	return fmt.Errorf("%w, and the same fit with Resume(true) goes on from here", err)
}

// interruptible returns ctx, done also when the user interrupts.
func interruptible(ctx context.Context) (context.Context, func()) {
	return signal.NotifyContext(ctx, os.Interrupt)
}
