import * as grpc from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb";
import messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { errorMessage } from "../errorMessage";
import type { Inputs } from "../resourceType";
import type { AwsProvider, Subject } from "./provider";
import type { Problem } from "./inputTypes";

type Handler<Request, Response> = grpc.handleUnaryCall<Request, Response>;

/** Turns a plain function into a gRPC method; what it throws reaches the user as the resource's error. */
function method<Request, Response>(answer: (request: Request) => Response): Handler<Request, Response> {
  return (call, callback) => {
    try {
      callback(null, answer(call.request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: errorMessage(error) });
    }
  };
}

const read = (struct: Struct | undefined): Inputs => (struct ? struct.toJavaScript() : {});

/** Properties without a value are left out: the protocol has no such thing. */
const write = (values: Inputs): Struct =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as Record<string, JavaScriptValue>);

const subjectOf = (request: { getUrn(): string; getType(): string; getName(): string }): Subject => {
  const urn = request.getUrn();
  const [, , qualifiedType = "", name = ""] = urn.split("::");
  return {
    urn,
    type: request.getType() || String(qualifiedType.split("$").pop()),
    name: request.getName() || name,
  };
};

/** All problems as one failure, because the engine shows no more than one. */
function failures(problems: Problem[], urn: string): messages.CheckFailure[] {
  if (problems.length === 0) return [];
  const reasons = problems.map(({ path, reason }) => (path ? `property ${path} ${reason}` : reason));
  return [new messages.CheckFailure().setReason([...reasons, `the resource is ${urn}`].join("; "))];
}

/** The engine's provider protocol, of which everything that is not here is answered as unimplemented. */
function providerService(provider: AwsProvider, version: string): grpc.UntypedServiceImplementation {
  const update = method((request: messages.UpdateRequest) => {
    const olds = [read(request.getOlds()), read(request.getOldInputs())] as const;
    const state = provider.update(subjectOf(request), ...olds, read(request.getNews()));
    return new messages.UpdateResponse().setProperties(write(state));
  });
  return {
    // Answering this at all makes the engine call Create and Update in previews too.
    handshake: method(() => new messages.ProviderHandshakeResponse()),
    getPluginInfo: method(() => new pluginMessages.PluginInfo().setVersion(version)),
    getSchema: method(() => new messages.GetSchemaResponse().setSchema(JSON.stringify({ name: "aws", version }))),
    attach: method(() => new Empty()),
    cancel: method(() => new Empty()),
    checkConfig: method((request: messages.CheckRequest) => {
      const news = read(request.getNews());
      return new messages.CheckResponse()
        .setInputs(write(news))
        .setFailuresList(failures(provider.checkConfig(news), request.getUrn()));
    }),
    diffConfig: method((request: messages.DiffRequest) =>
      new messages.DiffResponse().setReplacesList(
        provider.diffConfig(read(request.getOldInputs() ?? request.getOlds()), read(request.getNews())),
      ),
    ),
    configure: method((request: messages.ConfigureRequest) => {
      provider.configure(read(request.getArgs()));
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    check: method((request: messages.CheckRequest) => {
      const olds = request.getOlds();
      const { inputs, problems } = provider.check(subjectOf(request), olds && read(olds), read(request.getNews()));
      return new messages.CheckResponse()
        .setInputs(write(inputs))
        .setFailuresList(failures(problems, request.getUrn()));
    }),
    // Only what forces replacement is said: the engine compares the inputs itself, archives by their hashes.
    diff: method((request: messages.DiffRequest) => {
      const oldInputs = read(request.getOldInputs() ?? request.getOlds());
      const { replaces, deleteBeforeReplace } = provider.diff(subjectOf(request), oldInputs, read(request.getNews()));
      return new messages.DiffResponse().setReplacesList(replaces).setDeletebeforereplace(deleteBeforeReplace);
    }),
    create: method((request: messages.CreateRequest) => {
      const { id, state } = provider.create(subjectOf(request), read(request.getProperties()));
      return new messages.CreateResponse().setId(id).setProperties(write(state));
    }),
    // Nothing changes a resource behind the engine's back, and nothing exists that it did not make.
    read: method((request: messages.ReadRequest) => {
      const response = new messages.ReadResponse();
      const known = request.getProperties()?.getFieldsMap().getLength() ?? 0;
      if (known === 0) return response;
      return response.setId(request.getId()).setProperties(request.getProperties()).setInputs(request.getInputs());
    }),
    update,
    delete: method(() => new Empty()),
    invoke: method((request: messages.InvokeRequest) =>
      new messages.InvokeResponse().setReturn(write(provider.invoke(request.getTok(), read(request.getArgs())))),
    ),
  };
}

/** Serves the provider on a free port of this machine and returns the port. */
export async function serve(provider: AwsProvider, version: string): Promise<number> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const { ResourceProviderService: definition } = providerServices;
  const methods = providerService(provider, version);
  for (const name of Object.keys(definition)) methods[name] ??= unimplemented(name);
  server.addService(definition, methods);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

function unimplemented(name: string): Handler<unknown, unknown> {
  return (_call, callback) =>
    callback({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not something that this provider does` });
}
