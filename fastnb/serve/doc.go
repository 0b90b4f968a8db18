// Package serve answers requests for predictions over HTTP: JSON for programs, and a plain page on which a photo, a
// text or a row is tried in the browser.
//
//	learn, err := vision.Open("models/cats.safetensors", vision.BatchSize(8))
//	h, err := serve.New(serve.Images(learn, vision.ImageSize), serve.Name("cats"))
//	l, err := net.Listen("tcp", "127.0.0.1:8080")
//	err = h.Serve(ctx, l)
//
// It stands on package fastnb alone: a learner of any domain comes in by its methods, and a model of your own by
// [Model]. Requests that wait are predicted together. The last digits of a prediction may depend on with how many.
//
//	POST /predict    predictions as JSON; of an image's bytes, multipart files, JSON, text or CSV, as the model takes
//	GET  /           the page; POST / is its form
//	GET  /model      what the model takes and predicts, as JSON
//	GET  /healthz    200 while it serves, 503 once it stops
//	GET  /metrics    counts, times and batches, in Prometheus' text format
//
// An error is {"error": ...} with the status that says whose it is: 400 for a request that can't be read, 403 for a web
// page of another site, 413 for too much, 415 for another content type, 422 for what the model can't take, 503 with
// Retry-After where too many wait.
package serve
