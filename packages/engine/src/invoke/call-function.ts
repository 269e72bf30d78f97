import { decodeFunctionError, decodeResponse, encodeRequest, ErganeError } from '@ergane/protocol';
import type {
  FederationRequest,
  FederationResponse,
  InvocationReport,
  InvocationResult,
  Invoker,
  SerDeVersion,
} from '@ergane/protocol';
import { locateError } from './locate-error.ts';

/** One request to one function, in the version that it understands. */
export interface FunctionCall {
  readonly functionName: string;
  readonly request: FederationRequest;
  readonly version: SerDeVersion;
  readonly signal?: AbortSignal | undefined;
}

export interface FunctionAnswer<Response> {
  readonly response: Response;
  readonly report: InvocationReport | undefined;
}

/**
 * Invokes a function and reads its answer, which must be one of the `expected` messages. What the function threw is thrown here, with the
 * catalog or table that it was asked about.
 */
export async function callFunction<Type extends FederationResponse['type']>(
  invoker: Invoker,
  call: FunctionCall,
  expected: readonly Type[],
): Promise<FunctionAnswer<Extract<FederationResponse, { type: Type }>>> {
  try {
    return await invokeAndRead(invoker, call, expected);
  } catch (error) {
    throw locateError(error, call.request);
  }
}

async function invokeAndRead<Type extends FederationResponse['type']>(
  invoker: Invoker,
  call: FunctionCall,
  expected: readonly Type[],
): Promise<FunctionAnswer<Extract<FederationResponse, { type: Type }>>> {
  const { functionName, request, version, signal } = call;
  const group = 'queryId' in request ? (request.queryId ?? undefined) : undefined;
  const result = await invoker.invoke({
    functionName,
    payload: encodeRequest(request, version),
    ...(signal && { signal }),
    ...(group !== undefined && { group }),
  });
  const response = readAnswer(functionName, result);
  if (!isOneOf(response, expected))
    throw new ErganeError(
      'PROTOCOL_INVALID',
      `function ${functionName} answered ${request.type} with ${response.type}: it is not an Athena connector of this kind`,
      { where: { function: functionName } },
    );
  return { response, report: result.report };
}

function readAnswer(functionName: string, result: InvocationResult): FederationResponse {
  if (result.functionError !== undefined) throw functionFailure(functionName, result);
  try {
    return decodeResponse(result.payload);
  } catch (cause) {
    if (!(cause instanceof ErganeError)) throw cause;
    throw new ErganeError(cause.code, `function ${functionName} answered what cannot be understood: ${cause.message}`, {
      where: { ...cause.where, function: functionName },
      cause,
    });
  }
}

/** The error that a function posted; an Ergane connector says its code and place, others only a text. */
export function functionFailure(functionName: string, { payload, report }: InvocationResult): ErganeError {
  const { message, type, code, where } = decodeFunctionError(payload);
  const place = { ...where, function: functionName, ...(report && { requestId: report.requestId }) };
  if (code) return new ErganeError(code, message, { where: place });
  return new ErganeError('FUNCTION_FAILED', `function ${functionName} failed: ${message} (${type})`, { where: place });
}

function isOneOf<Type extends FederationResponse['type']>(
  response: FederationResponse,
  types: readonly Type[],
): response is Extract<FederationResponse, { type: Type }> {
  return types.some((type) => type === response.type);
}
