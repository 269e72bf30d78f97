export { connectorContract } from './connector-contract.ts';
export type { ContractContext, ContractFault, ContractOptions, ContractSource, ContractTable } from './contract.ts';
export { failsWith, readRows } from './contract-session.ts';
export { makeFunctionClient } from './function-client.ts';
export type { FunctionClient, FunctionClientOptions, ReadAnswer, ReadOptions } from './function-client.ts';
export { assertRows, plainCell, plainRows, rowText, sortedRows } from './plain-rows.ts';
export { makeCallContext } from './call-context.ts';
export type { CallContextOptions } from './call-context.ts';
export { failsSaying } from './fails-saying.ts';
