/**
 * Labels of letters, digits and hyphens that neither begin nor end with a hyphen, joined by single dots, 3 to 63 characters in
 * all, and no IP address (Amazon S3 User Guide, "General purpose bucket naming rules").
 */
export const BUCKET_NAME =
  /^(?=.{3,63}$)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
