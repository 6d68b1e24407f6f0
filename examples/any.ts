/** A response in binary form, as gRPC sends it, becomes a typed message: `npx tsx examples/any.ts`. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { ProtocolError, waitForDone } from 'rx-lro';
import { AnyTypeError, unpack } from 'rx-lro/any';
import { FakeOperations } from 'rx-lro/testing';

// A service that answers with the moment when the book was printed.
const printed = create(TimestampSchema, { seconds: 1_700_000_000n });
const fake = new FakeOperations();
const operation = fake.start({
  duration: 300,
  response: {
    typeUrl: 'type.googleapis.com/google.protobuf.Timestamp',
    value: toBinary(TimestampSchema, printed),
  },
});

// The schema says what the response is: it is checked, decoded and typed.
const response = unpack(TimestampSchema, fromBinary);
const timestamp = await waitForDone(fake.client, operation, { response });
console.log(`Printed at ${new Date(Number(timestamp.seconds) * 1000).toISOString()}.`);

// Whoever expects something else is told, and still has what came.
try {
  await waitForDone(fake.client, operation.name, { response: unpack(DurationSchema, fromBinary) });
} catch (error) {
  if (!(error instanceof ProtocolError && error.cause instanceof AnyTypeError)) throw error;
  const { expected, typeUrl, any } = error.cause;
  console.log(`No ${expected}, but ${typeUrl}; it is kept:`, any === error.operation?.response);
}
