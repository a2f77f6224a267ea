// Reads a file of OTLP/JSON traces with the OpenTelemetry collector's own unmarshaler, makes Jaeger's
// model of it as Jaeger does, and prints what came out as JSON.
package main

import (
	"encoding/json"
	"log"
	"os"
	"time"

	model "github.com/jaegertracing/jaeger-idl/model/v1"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/translator/jaeger"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

type span struct {
	TraceID    string            `json:"traceId"`
	SpanID     string            `json:"spanId"`
	ParentID   string            `json:"parentId"`
	Service    string            `json:"service"`
	Operation  string            `json:"operation"`
	StartUs    int64             `json:"startUs"`
	DurationUs int64             `json:"durationUs"`
	Tags       map[string]string `json:"tags"`
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(text)
	if err != nil {
		log.Fatal(err)
	}
	spans := []span{}
	for _, batch := range jaeger.ProtoFromTraces(traces) {
		for _, one := range batch.Spans {
			spans = append(spans, spanOf(batch.Process.ServiceName, one))
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(spans); err != nil {
		log.Fatal(err)
	}
}

func spanOf(service string, one *model.Span) span {
	tags := map[string]string{}
	for _, tag := range one.Tags {
		tags[tag.Key] = tag.AsString()
	}
	parent := ""
	if id := one.ParentSpanID(); id != 0 {
		parent = id.String()
	}
	return span{
		TraceID:    one.TraceID.String(),
		SpanID:     one.SpanID.String(),
		ParentID:   parent,
		Service:    service,
		Operation:  one.OperationName,
		StartUs:    one.StartTime.UnixNano() / int64(time.Microsecond),
		DurationUs: one.Duration.Microseconds(),
		Tags:       tags,
	}
}
