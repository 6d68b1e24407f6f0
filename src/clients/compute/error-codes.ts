import { Code } from '../../core/status/code.js';

/** What error codes of a service mean. */
export interface ErrorCodes {
  /** The code of `google.rpc.Code`. */
  readonly code: Code;
  /** Whether the failure passes by itself, so that the same request may succeed later. */
  readonly passes: boolean;
  /** The error codes, with a space between two. */
  readonly names: string;
}

/**
 * Error codes of Compute Engine.
 * Source: https://cloud.google.com/compute/docs/reference/rest/v1/errors, and the guides
 * `operations-quota` and `troubleshooting-resource-availability` next to it.
 */
export const computeErrors: readonly ErrorCodes[] = [
  {
    code: Code.RESOURCE_EXHAUSTED,
    passes: true,
    names: 'CONCURRENT_OPERATIONS_QUOTA_EXCEEDED INSUFFICIENT_CAPACITY',
  },
  { code: Code.RESOURCE_EXHAUSTED, passes: false, names: 'QUOTA_EXCEEDED LIMIT_EXCEEDED' },
  {
    code: Code.NOT_FOUND,
    passes: false,
    names: 'RESOURCE_NOT_FOUND PROJECT_NOT_FOUND NETWORK_NOT_FOUND',
  },
  { code: Code.ALREADY_EXISTS, passes: false, names: 'RESOURCE_ALREADY_EXISTS' },
  {
    code: Code.PERMISSION_DENIED,
    passes: false,
    names: 'PERMISSIONS_ERROR FORBIDDEN SERVICE_ACCOUNT_ACCESS_DENIED',
  },
  { code: Code.FAILED_PRECONDITION, passes: true, names: 'RESOURCE_NOT_READY' },
  {
    code: Code.FAILED_PRECONDITION,
    passes: false,
    names: 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE CONDITION_NOT_MET',
  },
  {
    code: Code.INVALID_ARGUMENT,
    passes: false,
    names: 'INVALID_USAGE INVALID_FIELD_VALUE FIELD_SIZE_TOO_LARGE MISSING_REQUIRED_FIELD INVALID',
  },
  { code: Code.CANCELLED, passes: false, names: 'OPERATION_CANCELED_BY_USER' },
  { code: Code.UNIMPLEMENTED, passes: false, names: 'UNSUPPORTED_OPERATION' },
  { code: Code.UNAVAILABLE, passes: true, names: 'SERVICE_UNAVAILABLE_FOR_LOCATION' },
  { code: Code.INTERNAL, passes: true, names: 'INTERNAL_ERROR BACKEND_ERROR' },
];

/**
 * Error codes of Cloud SQL that are of no family below.
 * Source: https://cloud.google.com/sql/docs/mysql/admin-api-error-messages, and the same of its other
 * databases.
 */
export const cloudSqlErrors: readonly ErrorCodes[] = [
  {
    code: Code.INVALID_ARGUMENT,
    passes: false,
    names:
      'INVALID_REQUEST INVALID_MASTERSLAVE_APP INVALID_INSTANCE_PROPERTY PROJECT_NAME_MISMATCH ERROR_APP_REGION ' +
      'ERROR_GCE_ZONE_REGION ERROR_UNRECOGNIZED_GCE_ZONE ERROR_BOTH_GCE_ZONE_GAE_APP_SPECIFIED ' +
      'ERROR_SSL_CERTIFICATE_COMMON_NAME ERROR_BINLOG_COORDINATES_VERIFICATION ERROR_ADDING_ON_PREMISES_CONFIG ' +
      'ERROR_READ_REPLICA_SOURCE_TARGET_REGION_MISMATCH ERROR_MATCHING_SOURCE_DESTINATION_INSTANCE_NAME ' +
      'ERROR_DISALLOWED_DISABLED_DATABASE_REPLICATION_ON_REPLICA_CREATION ERROR_UNSUPPORTED_PUBLIC_KEY ' +
      'ERROR_READ_REPLICA_INCOMPATIBLE_DATABASE_TYPES ERROR_FAILOVER_REPLICA_AND_MASTER_IN_SAME_ZONE ' +
      'ERROR_BACKUP_SIZE_EXCEEDS_INSTANCE_SIZE ERROR_REPLICA_DEPTH_LIMIT_EXCEEDED',
  },
  {
    code: Code.FAILED_PRECONDITION,
    passes: false,
    names:
      'INVALID_OPERATION INVALID_STATE STALE_DATA ERROR_BINLOG_NOT_ENABLED ERROR_INVALID_BACKUP_RUN_STATUS ' +
      'ERROR_NO_FAILOVER_REPLICA ERROR_EXTERNAL_SERVER_REPLICA_GTID_MODE ERROR_PITR_BACKUP_RUN_NOT_DELETABLE ' +
      'ERROR_DISALLOWED_ENABLING_BACKUPS_FOR_READ_REPLICA ERROR_INSTANCES_INCOMPATIBLE_FOR_REPLICATION ' +
      'ERROR_DISALLOWED_UPDATING_EXTERNAL_SERVER_REPLICA_REPLICATION_STATE ' +
      'ERROR_PROTECTED_INSTANCE_DELETION_FAILURE ERROR_READ_REPLICA_UNDER_EXTERNAL_SERVER_REPLICA_NOT_SYNCED',
  },
  { code: Code.NOT_FOUND, passes: false, names: 'ERROR_NON_EXISTENT_APP_ID' },
  { code: Code.ALREADY_EXISTS, passes: false, names: 'ERROR_INSTANCE_NAME_CONFLICT' },
  {
    code: Code.PERMISSION_DENIED,
    passes: false,
    names: 'NOT_AUTHORIZED INVALID_BILLING_ACCOUNT_STATE ERROR_GCS_BUCKET_PERMISSION_DENIAL',
  },
  { code: Code.ABORTED, passes: true, names: 'OPERATION_IN_PROGRESS' },
  { code: Code.RESOURCE_EXHAUSTED, passes: true, names: 'ERROR_GCE_QUOTA_EXCEEDED' },
  {
    code: Code.UNAVAILABLE,
    passes: true,
    names:
      'SERVER_EXCEPTION ERROR_SPECKLE_RPC ERROR_BILLING_RPC ERROR_APPCONFIG_RPC POOL_DOES_NOT_EXIST ' +
      'RETRY_TRANSIENT_ERROR ERROR_IP_MANAGEMENT_OPERATION',
  },
  { code: Code.UNIMPLEMENTED, passes: false, names: 'UNSUPPORTED_V2_OPERATION' },
];

/**
 * Codes of the conditions of GKE. Its errors are Statuses, which have a code of `google.rpc.Code`.
 * Source: `StatusCondition.Code` in the discovery document of the Kubernetes Engine API, version 1.
 */
export const gkeErrors: readonly ErrorCodes[] = [
  { code: Code.RESOURCE_EXHAUSTED, passes: false, names: 'GCE_QUOTA_EXCEEDED' },
  {
    code: Code.FAILED_PRECONDITION,
    passes: false,
    names: 'GKE_SERVICE_ACCOUNT_DELETED CLOUD_KMS_KEY_ERROR CLOUD_KMS_KEY_DESTROYED CA_EXPIRING',
  },
  {
    code: Code.PERMISSION_DENIED,
    passes: false,
    names: 'NODE_SERVICE_ACCOUNT_MISSING_PERMISSIONS',
  },
  { code: Code.INTERNAL, passes: false, names: 'SET_BY_OPERATOR' },
];

/** Error codes by how they begin or end, where none of the tables has them; the first family counts. */
export const errorFamilies: readonly (Omit<ErrorCodes, 'names'> & { readonly pattern: RegExp })[] =
  [
    {
      code: Code.RESOURCE_EXHAUSTED,
      passes: true,
      pattern:
        /RATE_((LIMIT_)?EXCEEDED|LIMITED|TOO_HIGH)$|THROTTL|TOO_MANY_REQ|POOL_EXHAUSTED$|STOCKOUT$/,
    },
    {
      code: Code.RESOURCE_EXHAUSTED,
      passes: false,
      pattern: /_(QUOTA|LIMIT)_EXCEEDED$|_EXHAUSTED$|^ERROR_MAX_/,
    },
    { code: Code.NOT_FOUND, passes: false, pattern: /_(NOT_FOUND|DOES_NOT_EXIST)$/ },
    { code: Code.ALREADY_EXISTS, passes: false, pattern: /_ALREADY_EXISTS$/ },
    { code: Code.PERMISSION_DENIED, passes: false, pattern: /_(PERMISSION|ACCESS)_DENIED$/ },
    { code: Code.UNIMPLEMENTED, passes: false, pattern: /^ERROR_.*_UNSUPPORTED/ },
    { code: Code.FAILED_PRECONDITION, passes: true, pattern: /_NOT_READY$/ },
    {
      code: Code.FAILED_PRECONDITION,
      passes: false,
      pattern: /_IN_USE$|^ERROR_.*INVALID_(.+_)?OPERATION$/,
    },
    {
      code: Code.INVALID_ARGUMENT,
      passes: false,
      pattern:
        /^ERROR_((BINLOG_)?INVALID|EXPORT|IMPORT|REPLICA_CONFIGURATION|ON_PREMISES_INSTANCE)_/,
    },
    { code: Code.INTERNAL, passes: false, pattern: /^ERROR_GCE_.*_CREATION_FAILURE$/ },
  ];
