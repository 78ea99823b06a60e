/** The parts of the Docker Engine API (1.41) that are used here, by its own names. */

export interface ContainerBody {
  readonly Image: string;
  readonly Hostname?: string;
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly Tty?: boolean;
  readonly OpenStdin?: boolean;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck?: HealthcheckBody;
  readonly NetworkDisabled?: boolean;
  readonly ExposedPorts?: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly HostConfig: HostConfigBody;
}

export interface HealthcheckBody {
  readonly Test: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly Retries?: number;
}

/** What of a container's bounds can be changed while it runs, too. */
export interface ResourcesBody {
  readonly Memory?: number;
  readonly MemorySwap?: number;
  readonly CpuShares?: number;
  readonly CpuPeriod?: number;
  readonly CpuQuota?: number;
}

export interface HostConfigBody extends ResourcesBody {
  readonly NetworkMode: string;
  readonly Links?: readonly string[];
  readonly Dns?: readonly string[];
  readonly DnsSearch?: readonly string[];
  readonly ExtraHosts?: readonly string[];
  readonly CgroupParent?: string;
  readonly PidMode?: string;
  readonly IpcMode?: string;
  readonly MemorySwappiness?: number;
  readonly DeviceRequests?: readonly DeviceRequestBody[];
  readonly MemoryReservation?: number;
  readonly Ulimits?: readonly UlimitBody[];
  readonly ReadonlyRootfs?: boolean;
  readonly Privileged?: boolean;
  readonly CapAdd?: readonly string[];
  readonly CapDrop?: readonly string[];
  readonly SecurityOpt?: readonly string[];
  readonly Init?: boolean;
  readonly ShmSize?: number;
  readonly Tmpfs?: Readonly<Record<string, string>>;
  readonly Devices?: readonly {
    PathOnHost: string;
    PathInContainer: string;
    CgroupPermissions: string;
  }[];
  readonly Sysctls?: Readonly<Record<string, string>>;
  readonly Mounts?: readonly MountBody[];
  readonly VolumesFrom?: readonly string[];
  /** Such as `size`, where the storage driver knows it. */
  readonly StorageOpt?: Readonly<Record<string, string>>;
  readonly LogConfig: LogConfigBody;
  readonly PortBindings?: Readonly<
    Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[]>
  >;
}

export interface LogConfigBody {
  readonly Type: string;
  readonly Config: Readonly<Record<string, string>>;
}

export interface UlimitBody {
  readonly Name: string;
  readonly Soft: number;
  readonly Hard: number;
}

export interface MountBody {
  readonly Type: 'volume' | 'bind';
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly: boolean;
}

export interface VolumeBody {
  readonly Name: string;
  readonly Driver: string;
  readonly DriverOpts: Readonly<Record<string, string>>;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface VolumeInspect {
  /** Where it is on the Engine's machine. */
  readonly Mountpoint: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** A request for devices that a driver has, such as GPUs: so many, -1 for all, or these. */
export interface DeviceRequestBody {
  readonly Driver: string;
  readonly Count?: number;
  readonly DeviceIDs?: readonly string[];
  readonly Capabilities: readonly (readonly string[])[];
}

export interface ContainerSummary {
  readonly Id: string;
  readonly State: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly HostConfig: { readonly NetworkMode: string };
  readonly NetworkSettings: { readonly Networks: EndpointsBody };
}

export type EndpointsBody = Readonly<
  Record<string, { readonly IPAddress: string; readonly MacAddress: string }>
>;

export interface ContainerInspect {
  readonly Id: string;
  readonly Name: string;
  /** The image's id, whatever name it was asked for by. */
  readonly Image: string;
  readonly Created: string;
  readonly RestartCount: number;
  readonly Config: {
    readonly Image: string;
    readonly Labels: Readonly<Record<string, string>> | null;
  };
  readonly HostConfig: {
    readonly CpuShares: number;
    readonly CgroupParent: string;
    readonly NetworkMode: string;
    readonly Dns?: readonly string[] | null;
    readonly Ulimits: readonly UlimitBody[] | null;
  };
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: { readonly Status: string; readonly Log?: readonly HealthLogBody[] | null };
  };
  readonly NetworkSettings: {
    /** The network namespace, by its path on the Engine's machine. */
    readonly SandboxKey?: string;
    readonly Networks: EndpointsBody;
    readonly Ports: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    >;
  };
}

/** Bytes: what a container has written, and that with its image. Left out by the Engine where there is nothing. */
export interface ContainerSizes {
  readonly Image: string;
  readonly SizeRw?: number;
  readonly SizeRootFs?: number;
}

export interface HealthLogBody {
  readonly End: string;
  readonly ExitCode: number;
  readonly Output: string;
}

/** One sample of a container's figures, of which only what is used here is named. */
export interface StatsBody {
  readonly [figure: string]: unknown;
  readonly read: string;
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
  /** Empty where the container does not run. */
  readonly memory_stats: {
    readonly usage?: number;
    readonly stats?: Readonly<Record<string, number>>;
  };
  readonly networks?: Readonly<
    Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>
  >;
}

export interface ExecBody {
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly Tty: boolean;
  readonly User: string;
  readonly Cmd: readonly string[];
}

export interface ExecInspect {
  readonly Running: boolean;
  /** On the Engine's machine; 0 where it has not begun or is over. */
  readonly Pid: number;
}

export interface NetworkInspect {
  readonly IPAM: {
    readonly Config: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null;
  };
}

export interface ImageInspect {
  readonly Id: string;
  readonly RepoDigests: readonly string[] | null;
  readonly Architecture: string;
  readonly Config: { readonly Env: readonly string[] | null } | null;
}

export interface EngineInfo {
  /** Names the Engine for as long as its data is there; some other engines give none. */
  readonly ID: string;
  readonly MemTotal: number;
  readonly ServerVersion: string;
  readonly NCPU: number;
  /** Whether swap can be bounded; otherwise the Engine takes a bound and does not heed it. */
  readonly SwapLimit?: boolean;
  /** `name=apparmor`, `name=selinux`, `name=seccomp,profile=default` and others. */
  readonly SecurityOptions?: readonly string[] | null;
  readonly Runtimes?: Readonly<Record<string, unknown>>;
  /** The storage driver, and what it says of itself: pairs of names and values. */
  readonly Driver?: string;
  readonly DriverStatus?: readonly (readonly [string, string])[] | null;
  readonly Architecture: string;
  /** `cgroupfs`, `systemd` or `none`. */
  readonly CgroupDriver?: string;
  /** `1` or `2`; Engines before 20.10 know only the former, and do not tell. */
  readonly CgroupVersion?: string;
  /** The Engine's own clock, in RFC 3339 with nanoseconds. */
  readonly SystemTime: string;
  readonly Plugins: {
    readonly Log: readonly string[];
    readonly Volume?: readonly string[] | null;
  };
}

export interface EngineEvent {
  /** `health_status` has its value after a colon. */
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly timeNano: number;
}

export interface PullProgress {
  readonly error?: string;
}
