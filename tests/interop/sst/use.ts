// What a program may do with the links, as TypeScript sees them through sst-env.d.ts.
import { Resource } from "sst"

const texts: string[] = [
  Resource.App.stage,
  Resource.Photos.name,
  Resource["my-files"].name,
  Resource.Site.url,
  Resource.Resize.name,
  Resource.Resize.url,
  Resource.Api.url,
  Resource.Front.url,
  Resource.Db.host,
  Resource.Db.password,
  Resource.StripeKey.value,
  Resource.MailKey.value,
  Resource.Mail.sender,
  ...Resource.Mail.nested.hosts,
]
const numbers: number[] = [Resource.Db.port, Resource.Mail.retries]
const flags: boolean[] = [Resource.Mail.tls]
const kinds: ["sst.aws.Bucket", "sst.aws.Postgres"] = [Resource.Photos.type, Resource.Db.type]

// @ts-expect-error a function without an address has none
Resource.Quiet.url
// @ts-expect-error nothing of this name is linked
Resource.Nothing
// @ts-expect-error a name is no number
const wrong: number = Resource.Photos.name
export { texts, numbers, flags, kinds, wrong }
