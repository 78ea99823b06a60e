/** What `--help` prints. */
export const usage = `Usage: npm start -- [options]
       npm run longshore -- explain TASK|SERVICE|DEPLOYMENT    (--help says more)

  --listen HOST:PORT           where to listen, 127.0.0.1:4510 by default        LONGSHORE_LISTEN
  --data DIR                   database and container output, default .longshore LONGSHORE_DATA
  --database URL               SQLite in the data folder by default              LONGSHORE_DATABASE
  --compute docker|simulated   where tasks run, default docker                   LONGSHORE_COMPUTE
  --engine URL                 Docker Engine, default DOCKER_HOST or the local   LONGSHORE_ENGINES
                               socket; repeatable, or a list with commas
  --credentials FILE           access keys that may call; needed to listen       LONGSHORE_CREDENTIALS
                               beyond loopback
  --secrets-key FILE           the key that encrypts parameters and secrets,     LONGSHORE_SECRETS_KEY
                               default secrets.key in the data folder; made at need
  --publish ADDRESS            publish the ports of tasks on this address, for   LONGSHORE_PUBLISH
                               machines that cannot reach containers (Docker Desktop)
  --warm-networks N            network namespaces kept ready at least, default 4 LONGSHORE_WARM_NETWORKS
  --net-raw on|off             whether containers have NET_RAW, as on ECS; with  LONGSHORE_NET_RAW
                               it they can read what other tasks are sent; default off
  --container-instance CLUSTER let this machine run EC2 tasks, as a container    LONGSHORE_CONTAINER_INSTANCE
                               instance of the cluster with this name or ARN
  --capacity-provider NAME     the capacity provider that it is of then; daemons LONGSHORE_CAPACITY_PROVIDER
                               run on instances of Managed Instances providers
  --task-endpoint HOST:PORT    where tasks find their metadata and credentials,  LONGSHORE_TASK_ENDPOINT
                               default 169.254.170.2:80; off for none
  --dns HOST:PORT              where tasks resolve names of private namespaces,  LONGSHORE_DNS
                               default 169.254.169.253:53; off for none
  --file-system ID=PLACE       what an EFS file system is here: a folder, or     LONGSHORE_FILE_SYSTEMS
                               nfs://HOST/PATH; repeatable, or a list with commas
  --aws-endpoint SERVICE=URL   where to call a service of AWS: cloudwatch, ecr,  LONGSHORE_AWS_ENDPOINTS
                               eventbridge, kms, lambda, s3, secretsmanager, ssm, sts;
                               repeatable, or a list with commas
  --agent-release VERSION,URL,SHA256                                             LONGSHORE_AGENT_RELEASE
                               the ECS agent that UpdateContainerAgent offers
  --service-connect-endpoint URL                                  LONGSHORE_SERVICE_CONNECT_ENDPOINT
                               what controls the proxies of Service Connect on official
                               agents (Envoy's xDS); Longshore has nothing that does
  --service-connect-image IMAGE                                   LONGSHORE_SERVICE_CONNECT_IMAGE
                               an image with Node 24 or later at /usr/local/bin/node for
                               the proxies of Service Connect, where this server's own
                               Node does not run on the Engine's machine
  --event-source NAME          source of the events sent to EventBridge, default LONGSHORE_EVENT_SOURCE
                               aws.ecs; AWS itself takes none that begins with aws.
  --history DAYS               how long events and the lives of stopped tasks    LONGSHORE_HISTORY
                               are kept, default 7
  --max-log-bytes SIZE         beyond this the oldest log events go, such as     LONGSHORE_MAX_LOG_BYTES
                               20g, the default
  --help                       show this
`;
